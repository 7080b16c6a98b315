import { globSync, rmSync } from 'node:fs';
import path from 'node:path';
import { writeDocumentedKernel } from '../../scripts/documented-kernel.ts';
import { REPOSITORY } from '../support/paths.ts';

/** What every kernel folder of every extension has: cases, and what counts as equal. A new kernel is found by it. */
const PATTERN = 'extensions/*/src/kernels/*/equality.test-support.ts';

/** The kernel of docs/adding-a-kernel.md is tested like any other. */
const documented = path.join(REPOSITORY, '.voxelwise', `documented-kernel-${process.pid}`);
process.on('exit', () => rmSync(documented, { recursive: true, force: true }));

export const SUITE_FILES: readonly string[] = [
  ...globSync(PATTERN, { cwd: REPOSITORY })
    .sort()
    .map(file => path.join(REPOSITORY, file)),
  path.join(writeDocumentedKernel(REPOSITORY, documented), 'equality.test-support.ts'),
];
