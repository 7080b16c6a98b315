import type { DecisionHistory as History } from '@voxelwise/host';
import type { Edit, HeartRegion } from '../core/index.ts';
import { type DrawnRois, NO_ROIS } from './calibration-rois.ts';

/** Everything that a reader has decided about a series by drawing and clicking. */
export interface Decisions {
  /** Oldest first. */
  readonly edits: readonly Edit[];
  /** Null looks for calcium everywhere. */
  readonly region: HeartRegion | null;
  /** Regions to calibrate the mass with. */
  readonly calibrationRois: DrawnRois;
}

export type DecisionHistory = History<Decisions>;

export const NOTHING_DECIDED: DecisionHistory = {
  past: [],
  present: { edits: [], region: null, calibrationRois: NO_ROIS },
  future: [],
};
