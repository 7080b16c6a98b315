import { pathToFileURL } from 'node:url';
import type { EqualitySuite } from '@voxelwise/compute/testing';
import { SUITE_FILES } from './suite-files.ts';

/** The suites of all kernels, in Node: for their names and producers. */
export const SUITES: readonly EqualitySuite[] = await Promise.all(
  SUITE_FILES.map(async file => ((await import(pathToFileURL(file).href)) as { equality: EqualitySuite }).equality),
);
