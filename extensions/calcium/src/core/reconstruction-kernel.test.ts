import { isSharpKernel } from './index.ts';

test.each(['B35f', 'B36s', 'Qr36d\\2', 'Sa36f', 'Br40d', 'FC12', 'FC02', 'STANDARD', 'SOFT', 'XCA', 'B', ''])(
  'the kernel %p is not known to enhance edges',
  kernel => {
    expect(isSharpKernel(kernel)).toBe(false);
  },
);

test.each(['B60f', 'B70s', 'Br59f', 'Bl57d\\3', 'I70f\\3', 'FC30', 'FC51', 'FC86', 'LUNG', 'BONEPLUS', ' EDGE '])(
  'the kernel %p enhances edges',
  kernel => {
    expect(isSharpKernel(kernel)).toBe(true);
  },
);
