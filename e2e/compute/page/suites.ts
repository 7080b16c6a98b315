import type { EqualitySuite } from '@voxelwise/compute/testing';
import { suites } from 'kernel-suites';

/** The suite of a kernel, in the page. */
export function suiteOf(kernelName: string): EqualitySuite {
  const suite = suites.find(one => one.kernelName === kernelName);
  if (!suite) throw new Error(`No kernel folder has a suite of ${kernelName}.`);
  return suite;
}
