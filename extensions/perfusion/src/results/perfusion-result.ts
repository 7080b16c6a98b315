import type { RunReport } from '@voxelwise/compute';
import type {
  Baseline,
  DeconvolutionMethod,
  DynamicSignal,
  PerfusionMap,
  PerfusionMaps,
  Smoothing,
  TissueConstants,
} from '../core/index.ts';
import type { MapStatistics } from '../core/regions/map-statistics.ts';
import type { ColorMapName } from './color-map/color-maps.ts';
import type { DisplayRange } from './color-map/render-map.ts';

/**
 * A finished run: what every picture, report and DICOM object is made from. Whoever computes fills it, the viewer's mode and the
 * command line alike. Voxels are counted x fastest, then y, then slices in the order of the source.
 */
export interface PerfusionResult {
  /** NaN outside the mask. */
  readonly maps: PerfusionMaps;
  /** [columns, rows, slices]. */
  readonly dimensions: readonly [number, number, number];
  /** [column spacing, row spacing, increment between slices] in mm. */
  readonly spacingMm: readonly [number, number, number];
  readonly settings: PerfusionSettings;
  readonly display: PerfusionDisplay;
  readonly curves: ResultCurves;
  /** Core and hypoperfusion; null where they were not computed. */
  readonly stroke: StrokeResult | null;
  readonly regions: readonly RegionStatistics[];
  /** Of the run that made the maps. */
  readonly run: RunReport;
  /** Further steps: { stroke: 120 }. Names of letters and digits. */
  readonly timingsMs?: Readonly<Record<string, number>>;
  /** What a reader has to know before using the numbers, a sentence each. */
  readonly warnings: readonly string[];
  /** What was done beside the convention, a sentence each: the series was resampled to equal intervals. */
  readonly notes: readonly string[];
  readonly software: { readonly name: string; readonly version: string };
}

/** What the maps rest on: the same settings on the same images give the same maps. Plain data that JSON holds exactly. */
export interface PerfusionSettings {
  readonly signal: DynamicSignal;
  /** After resampling. */
  readonly timePoints: number;
  readonly intervalS: number;
  /** The acquisition's own times were not equally spaced, so its values were interpolated. */
  readonly isResampled: boolean;
  /** Time points before the bolus [first, end). */
  readonly baseline: Baseline;
  readonly smoothing: Smoothing;
  readonly method: DeconvolutionMethod;
  readonly constants: TissueConstants;
  readonly aif: VesselChoice & {
    /** What the arterial curve was multiplied with against partial volume: area of the VOF / area of the AIF. 1 for nothing. */
    readonly scale: number;
  };
  /** null where no vein was chosen. */
  readonly vof: VesselChoice | null;
  /** Voxels that maps were computed in. */
  readonly maskVoxels: number;
}

/** The voxels that a curve is the mean of. */
export interface VesselChoice {
  readonly voxels: readonly number[];
  readonly chosenBy: 'automatic' | 'reader';
}

export interface PerfusionDisplay {
  readonly colorMap: ColorMapName;
  readonly ranges: Readonly<Record<PerfusionMap, DisplayRange>>;
}

/** Contrast over time, for the report: HU above the baseline, or the change of R2* in 1/s. */
export interface ResultCurves {
  /** From the first time point, one per value of every curve. */
  readonly timesS: ArrayLike<number>;
  readonly curves: readonly ResultCurve[];
}

export interface ResultCurve {
  readonly kind: 'aif' | 'vof' | 'tissue' | 'mirrored';
  /** For the legend: "AIF", "Region 1", "Region 1 mirrored". */
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/** Volumes of a stroke, with the rules that they were measured by. */
export interface StrokeResult {
  /** 1 in the core, per voxel. */
  readonly core: Uint8Array;
  /** 1 where the tissue is hypoperfused, per voxel. */
  readonly hypoperfused: Uint8Array;
  readonly coreMl: number;
  readonly hypoperfusedMl: number;
  /** Hypoperfused volume - core volume. */
  readonly mismatchMl: number;
  /** Hypoperfused volume / core volume; null where there is no core. */
  readonly mismatchRatio: number | null;
  /** Hypoperfusion intensity ratio; null where nothing is hypoperfused. */
  readonly hypoperfusionIntensityRatio: number | null;
  readonly rules: StrokeRules;
}

export interface StrokeRules {
  /** The method of the maps behind the volumes, whatever the maps on show were made with. */
  readonly method: DeconvolutionMethod;
  /** Core: CBF below this part of its reference. */
  readonly coreFlowPart: number;
  /** What CBF is compared with, in words: "the median CBF of the same tissue on the other side". */
  readonly coreReference: string;
  /** Hypoperfusion: Tmax above this. */
  readonly hypoperfusionTmaxS: number;
  /** Severe hypoperfusion, of which the intensity ratio is the part: Tmax above this. */
  readonly severeTmaxS: number;
  /** Islands and holes below this do not count. null in results that were stored before they told it. */
  readonly leastMl: number | null;
  /** Further rules in words: "islands below 1 mL do not count". */
  readonly further: readonly string[];
}

/** Values of one region of interest. */
export interface RegionStatistics {
  /** As the reader sees it: "Region 1". */
  readonly name: string;
  readonly voxels: number;
  readonly volumeMl: number;
  readonly maps: Readonly<Partial<Record<PerfusionMap, MapStatistics>>>;
  /** The region mirrored to the other hemisphere; null where it has none. */
  readonly mirrored: Pick<RegionStatistics, 'voxels' | 'volumeMl' | 'maps'> | null;
}
