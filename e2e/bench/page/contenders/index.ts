import type { Job } from '../answers.ts';
import type { Contender } from './contender.ts';
import { GPU_JS } from './gpu-js.ts';
import { niivue } from './niivue.ts';
import { openCv } from './opencv.ts';
import { OURS } from './ours.ts';

/** In the order of the table: by job, ours before the peers. */
export const CONTENDERS: readonly Contender[] = (['components-2d', 'components-3d', 'mask'] as const).flatMap(job =>
  [...OURS, openCv, niivue, ...GPU_JS].filter(contender => contender.job === job),
);

export const JOB_TITLES: Readonly<Record<Job, string>> = {
  'components-2d': '2D components, 8-connected, with areas and peaks',
  'components-3d': '3D components, 26-connected',
  mask: 'Threshold alone',
};

/** What the peers of a job are compared with. */
export const REFERENCE_OF_JOB: Readonly<Record<Job, string>> = {
  'components-2d': 'ours-wasm-components-2d',
  'components-3d': 'ours-wasm-components-3d',
  mask: 'ours-wasm-mask',
};
