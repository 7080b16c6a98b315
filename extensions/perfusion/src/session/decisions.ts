import type { AreaShape, DecisionHistory as History } from '@voxelwise/host';
import {
  ABSOLUTE_CONSTANTS,
  DEFAULT_SMOOTHING,
  DEFAULT_STROKE_THRESHOLDS,
  type DeconvolutionMethod,
  defaultMethod,
  type Smoothing,
  type StrokeThresholds,
  type TissueConstants,
} from '../core/index.ts';

/** A region that the reader has drawn on one slice. */
export interface DrawnRegion {
  /** As the reader sees it: "Region 1". */
  readonly name: string;
  readonly slice: number;
  readonly shape: AreaShape;
}

/** What the maps are computed with. */
export interface MapSettings {
  readonly method: DeconvolutionMethod;
  readonly smoothing: Smoothing;
  readonly constants: TissueConstants;
  /** Scales the arterial curve to the area of the venous one, against partial volume. */
  readonly scaleByVof: boolean;
}

/** Everything that a reader has decided about a series. */
export interface Decisions {
  /** Voxels that the arterial curve is the mean of; null leaves the choice to the program. */
  readonly aif: readonly number[] | null;
  readonly vof: readonly number[] | null;
  readonly settings: MapSettings;
  readonly rules: StrokeThresholds;
  readonly regions: readonly DrawnRegion[];
}

export type DecisionHistory = History<Decisions>;

export const DEFAULT_SETTINGS: MapSettings = {
  method: defaultMethod('lr', 1),
  smoothing: DEFAULT_SMOOTHING,
  constants: ABSOLUTE_CONSTANTS,
  scaleByVof: true,
};

export const NOTHING_DECIDED: DecisionHistory = {
  past: [],
  present: { aif: null, vof: null, settings: DEFAULT_SETTINGS, rules: DEFAULT_STROKE_THRESHOLDS, regions: [] },
  future: [],
};

/** True when both give the same volumes by the same rules: these do not depend on the method of the maps on show. */
export function isSameVolumes(a: Decisions, b: Decisions): boolean {
  const others = ({ method: _, ...settings }: MapSettings) => JSON.stringify(settings);
  return a.aif === b.aif && a.vof === b.vof && others(a.settings) === others(b.settings);
}

/** True when both give the same maps: only the regions and the rules of the volumes may differ. */
export function isSameMaps(a: Decisions, b: Decisions): boolean {
  return a.aif === b.aif && a.vof === b.vof && a.settings === b.settings;
}
