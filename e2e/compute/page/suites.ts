import type { EqualitySuite } from '../../../extensions/compute/src/engine/equality.test-support.ts';
import { lesionsEquality } from './lesions-equality.ts';

/** The suite of a kernel, in the page: of a mode, or found in the folder of the engine's kernel of this name. */
export async function suiteOf(kernelName: string): Promise<EqualitySuite> {
  if (kernelName === lesionsEquality.kernelName) return lesionsEquality;
  const folder = kernelName.replace('compute.', '');
  // esbuild bundles every file that this pattern can name.
  const module = await import(`../../../extensions/compute/src/kernels/${folder}/equality.test-support.ts`);
  return (module as { readonly equality: EqualitySuite }).equality;
}
