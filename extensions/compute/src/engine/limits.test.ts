import { assertRoomFor, assertRunSize, assertVolumeSize, RESIDENT_LIMIT_BYTES, TooLargeError } from './limits.ts';

const GIB = 2 ** 30;

test('a volume of 3 GiB is refused before it is made, with its size, the limit and what to do', () => {
  expect(() => assertVolumeSize([1024, 1024, 1536], 2)).toThrow(
    'A volume of 1024 x 1024 x 1536 voxels takes 3.0 GiB, and the compute engine takes at most 2.0 GiB in one volume. Load fewer slices.',
  );
  expect(() => assertVolumeSize([1024, 1024, 1024], 2)).not.toThrow();
  expect(() => assertVolumeSize([1024, 1024, 1025], 2)).toThrow(TooLargeError);
  expect(() => assertVolumeSize([1024, 1024, 1024], 4)).toThrow('4.0 GiB');
});

test('volumes together have a limit of their own', () => {
  const volume = { voxels: new Int16Array(8), dimensions: [2, 2, 2] as const };
  expect(() => assertRoomFor(volume, RESIDENT_LIMIT_BYTES - 16)).not.toThrow();
  expect(() => assertRoomFor(volume, RESIDENT_LIMIT_BYTES - 15)).toThrow(
    'The volume takes 16 bytes beside 4.0 GiB of other volumes, and the compute engine holds at most 4.0 GiB. Close another series first.',
  );
});

test('a run that says it needs 3 GiB is refused', () => {
  const kernel = { name: 'test.large', neededBytes: (_: unknown, { bytes }: { bytes: number }) => bytes };
  const volume = { dimensions: [1, 1, 1] as const };
  expect(() => assertRunSize(kernel, volume, { bytes: 3 * GIB })).toThrow(
    'test.large would take 3.0 GiB of memory beside the volume, and a run may take at most 2.0 GiB. Compute fewer slices at once, or ask for less.',
  );
  expect(() => assertRunSize(kernel, volume, { bytes: 2 * GIB })).not.toThrow();
  expect(() => assertRunSize({ name: 'test.untold' }, volume, { bytes: 3 * GIB })).not.toThrow();
});
