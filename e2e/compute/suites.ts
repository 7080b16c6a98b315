import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { EqualitySuite } from '../../extensions/compute/src/engine/equality.test-support.ts';
import { lesionsEquality } from './page/lesions-equality.ts';
import { suiteOf } from './page/suites.ts';

const folder = path.join(import.meta.dirname, '../../extensions/compute/src/kernels');
const kernels = (await readdir(folder, { withFileTypes: true })).filter(entry => entry.isDirectory());

/** The engine's own kernels, one per folder, and those of the modes that are built from them. */
export const SUITES: readonly EqualitySuite[] = [
  ...(await Promise.all(kernels.map(({ name }) => suiteOf(`compute.${name}`)))),
  lesionsEquality,
];
