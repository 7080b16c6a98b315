import { dcm, sct } from './codes.ts';
import { toVoxelRuns } from './frame-bits.ts';
import { TEST_SOFTWARE } from './results.test-support.ts';
import type { Segment } from './segmentation.ts';

/** [row, start, end) */
export type Run = readonly [number, number, number];

export const ALGORITHM = {
  name: 'Voxelwise test',
  version: '9.9.9',
  family: dcm('123109', 'Manual Processing'),
  parameters: '{"thresholdHu":130}',
};

/** A segment of vascular calcification with these runs. */
export function testSegment(label: string, runs: readonly Run[], change: Partial<Segment> = {}): Segment {
  return {
    label,
    category: sct('49755003', 'Morphologically Abnormal Structure'),
    type: sct('237897009', 'Vascular Calcification'),
    anatomicRegion: sct('13647002', 'Right coronary artery'),
    algorithmType: 'SEMIAUTOMATIC',
    algorithm: ALGORITHM,
    color: [34, 197, 94],
    tracking: { id: label, uid: '2.25.4711' },
    voxels: toVoxelRuns(runs.map(([row, start, end]) => ({ row, start, end }))),
    ...change,
  };
}

export const segmentationOptions = {
  contentLabel: 'TEST',
  contentDescription: 'Test',
  seriesDescription: 'Calcium segmentation',
  seriesNumber: 1000,
  software: TEST_SOFTWARE,
};

/** Numbers in [0, 1), the same in every run. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
}

/** Random runs on random rows; no two touch. */
export function randomRuns(random: () => number, rows: number, columns: number, density: number): Run[] {
  const runs: Run[] = [];
  for (let row = 0; row < rows; row++) {
    for (let x = 0; random() < density && x < columns; ) {
      const start = x + Math.floor(random() * columns * 0.6);
      const end = Math.min(columns, start + 1 + Math.floor(random() * 12));
      if (start >= columns) break;
      runs.push([row, start, end]);
      x = end + 1;
    }
  }
  return runs;
}
