import { complete, part, type Steps } from '@voxelwise/compute/twins';
import { detectBaseline } from '../baseline/detect-baseline.ts';
import type { Baseline } from '../contrast/contrast-of-curve.ts';
import type { DynamicVolume } from '../dynamic-volume.ts';
import { ABSOLUTE_CONSTANTS, type TissueConstants } from '../maps.ts';
import { brainMask } from '../masks/brain-mask.ts';
import { fluidMask } from '../masks/fluid-mask.ts';
import { vesselMask } from '../masks/vessel-mask.ts';
import { ARTERY_IN_BRAIN, ARTERY_IN_REGION, findArtery } from './find-artery.ts';
import { findVein } from './find-vein.ts';
import { meanImage, meanOverTime } from './frame-means.ts';
import { meanContrast } from './mean-contrast.ts';
import { ARTERY_OF_BRAIN, arterialWarnings, type SurveyWarning, venousWarnings } from './quality.ts';
import { quantile } from './quantile.ts';
import { firstMomentOf, type VesselCurve, vesselCurve } from './vessel-curve.ts';
import { firstPass, type VoxelStatistics, voxelStatisticsInSteps } from './voxel-statistics.ts';

export interface SurveyOptions {
  /** Where the brain is; found in the first frames when missing. */
  readonly brainMask?: Uint8Array;
  /** A region that holds the artery, as a reader draws it; the whole brain is searched when missing. */
  readonly arteryRegion?: Uint8Array;
  /** Frames before the bolus; found on the mean curve of the brain when missing. */
  readonly baseline?: Baseline;
  /** Frames at the start that are not used, as long as an MR signal has not settled. */
  readonly skippedFrames?: number;
  /** For the blood volume from which a voxel counts as a vessel. */
  readonly constants?: TissueConstants;
}

/** What is known of a series before any map is computed. Masks have one byte per voxel of [nx, ny, nz]. */
export interface Survey {
  /** Frames before the bolus [first, end). */
  readonly baseline: Baseline;
  /** Mean of the baseline per voxel. */
  readonly baselineImage: Float32Array;
  readonly brainMask: Uint8Array;
  readonly vesselMask: Uint8Array;
  /** Cerebrospinal fluid. */
  readonly fluidMask: Uint8Array;
  /** The brain without vessels and fluid: where maps mean something. */
  readonly tissueMask: Uint8Array;
  /** Mean contrast of the brain. */
  readonly brainCurve: Float64Array;
  /** As measured, without scaling against partial volume (arterialInput). Null when none was found. */
  readonly aif: VesselCurve | null;
  readonly vof: VesselCurve | null;
  readonly warnings: readonly SurveyWarning[];
}

/** That a series cannot be surveyed, and why. */
export class SurveyError extends Error {
  override readonly name = 'SurveyError';
}

const FIRST_FRAMES = 5;
/** An image is blank where the mean falls this far below the others': HU, or the part of an MR signal that is left. */
const BLANK_BELOW_HU = 100;
const BLANK_SIGNAL = 0.05;
/** Slices with less than this part of the largest one's brain may lose it to a movement of the head. */
const SMALL_SLICE = 0.1;
/** A vein has at least this part of the artery's area. */
const VEIN_OF_ARTERY = 0.5;

/** Baseline, masks, AIF and VOF of a series, all at once. */
export function survey(volume: DynamicVolume, options: SurveyOptions = {}): Survey {
  return complete(surveyInSteps(volume, options));
}

/**
 * The same in steps of a slice, so that its progress can be shown and it can be stopped.
 *
 * The brain is found in the mean of the first five frames, the baseline on the mean curve of the brain, the artery and the vein
 * by the rules of findArtery and findVein. The baseline is shortened when the artery rises before the brain as a whole.
 * @yields the part that is done, 0 to 1
 * @throws SurveyError when there is no brain, or none at some time point; NoBolusError (detectBaseline) when no bolus is seen
 */
export function* surveyInSteps(volume: DynamicVolume, options: SurveyOptions = {}): Steps<Survey> {
  const { intervalS, signal } = volume;
  const brain = options.brainMask ?? brainIn(volume, options);
  if (!brain.includes(1)) {
    throw new SurveyError(
      'No brain was found in the first images of the series: is it a perfusion series of the head?',
    );
  }
  yield 0.1;
  const searched = options.arteryRegion ?? brain;
  const mean = meanOverTime(volume, searched);
  if (searched === brain) assertNoBlank(volume, brain);
  const firstBaseline = options.baseline ?? baselineOf(volume, mean, options.skippedFrames);
  yield 0.2;
  const found = yield* part(voxelStatisticsInSteps(volume, searched, firstBaseline), 0.2, 0.5);
  const criteria = options.arteryRegion ? ARTERY_IN_REGION : ARTERY_IN_BRAIN;
  const arteryVoxels = findArtery(volume, found, firstBaseline, criteria);
  yield 0.6;
  const baseline = options.baseline ?? shortened(firstBaseline, curveOf(volume, arteryVoxels, firstBaseline));
  const isSame = searched === brain && baseline[1] === firstBaseline[1];
  const statistics = isSame ? found : yield* part(voxelStatisticsInSteps(volume, brain, baseline), 0.6, 0.9);
  const brainCurve = statistics.meanCurve;
  const arterial = curveOf(volume, arteryVoxels, baseline);
  const isHigh = options.arteryRegion !== undefined || isArtery(arterial, brainCurve);
  const aif = arterial && isHigh ? arterial : null;
  const vof = aif && veinBeside(aif, volume, statistics, baseline);
  yield 0.95;
  const baselineImage = meanImage(volume, baseline);
  const masks = masksOf(volume, statistics, brain, baselineImage, aif, vof, options.constants ?? ABSOLUTE_CONSTANTS);
  const echoTimeS = signal.kind === 'susceptibility' ? signal.echoTimeS : undefined;
  const warnings = [
    ...(aif
      ? arterialWarnings(aif, vesselCurve(new Int32Array(), brainCurve, intervalS), intervalS, echoTimeS)
      : [NO_ARTERY]),
    ...(vof ? venousWarnings(vof) : [NO_VEIN]),
  ];
  return { baseline, baselineImage, brainMask: brain, ...masks, brainCurve, aif, vof, warnings };
}

const NO_ARTERY: SurveyWarning = {
  code: 'no-artery',
  message: 'No curve is as high as an artery: choose the voxels of the arterial input on the image.',
};
const NO_VEIN: SurveyWarning = {
  code: 'no-vein',
  message: 'No large vein was found: the arterial curve cannot be scaled by its area.',
};

function brainIn(volume: DynamicVolume, { skippedFrames = 0 }: SurveyOptions): Uint8Array {
  const end = Math.min(volume.timePoints, skippedFrames + FIRST_FRAMES);
  const image = meanImage(volume, [Math.min(skippedFrames, end - 1), end]);
  return brainMask(image, volume.dimensions, volume.spacingMm, volume.signal);
}

/** MR signal falls when the agent comes, so it is turned over. */
function baselineOf({ signal }: DynamicVolume, mean: Float64Array, skippedFrames?: number): Baseline {
  const rising = signal.kind === 'attenuation' ? mean : mean.map(value => -value);
  return detectBaseline(rising, skippedFrames);
}

/**
 * An image of which the scanner or the export left nothing would turn every curve of its slice negative.
 * @throws SurveyError naming it
 */
function assertNoBlank(volume: DynamicVolume, brain: Uint8Array): void {
  const { dimensions, timePoints, signal } = volume;
  const [nx, ny, nz] = dimensions;
  const slice = nx * ny;
  const sizes = Array.from({ length: nz }, (_, z) =>
    brain.subarray(z * slice, (z + 1) * slice).reduce((sum, inside) => sum + inside, 0),
  );
  const leastSize = SMALL_SLICE * Math.max(...sizes);
  for (let z = 0; z < nz; z++) {
    if (sizes[z]! < leastSize) continue;
    const voxels = volume.voxels.subarray(z * timePoints * slice, (z + 1) * timePoints * slice);
    const ofSlice: DynamicVolume = { ...volume, voxels, dimensions: [nx, ny, 1] };
    const mean = meanOverTime(ofSlice, brain.subarray(z * slice, (z + 1) * slice));
    const usual = quantile(mean, 0.5);
    const lowest = signal.kind === 'attenuation' ? usual - BLANK_BELOW_HU : usual * BLANK_SIGNAL;
    const blank = mean.findIndex(value => value < lowest);
    if (blank < 0) continue;
    throw new SurveyError(
      `Time point ${blank + 1} of ${timePoints} shows no brain in slice ${z + 1} of ${nz}, where the others do; get the series again from its source, or take that time point out.`,
    );
  }
}

function curveOf(volume: DynamicVolume, voxels: Int32Array, baseline: Baseline): VesselCurve | null {
  if (voxels.length === 0) return null;
  return vesselCurve(voxels, meanContrast(volume, voxels, baseline), volume.intervalS);
}

/** Ends before the artery rises. */
function shortened(baseline: Baseline, artery: VesselCurve | null): Baseline {
  if (!artery || Number.isNaN(artery.arrivalS)) return baseline;
  const [first, end] = detectBaseline(artery.curve, baseline[0]);
  return [first, Math.min(baseline[1], end)];
}

function isArtery(curve: VesselCurve | null, brainCurve: Float64Array): boolean {
  return curve !== null && curve.peak >= ARTERY_OF_BRAIN * Math.max(...brainCurve);
}

function veinBeside(
  aif: VesselCurve,
  volume: DynamicVolume,
  statistics: VoxelStatistics,
  baseline: Baseline,
): VesselCurve | null {
  const moment = firstMomentOf(aif.curve, firstPass(volume, baseline));
  const vein = curveOf(volume, findVein(statistics, volume.dimensions, volume.intervalS, moment), baseline);
  return vein && vein.area >= VEIN_OF_ARTERY * aif.area ? vein : null;
}

function masksOf(
  { dimensions, intervalS, signal }: DynamicVolume,
  { voxels, area }: VoxelStatistics,
  brain: Uint8Array,
  baselineImage: Float32Array,
  aif: VesselCurve | null,
  vof: VesselCurve | null,
  constants: TissueConstants,
) {
  const size = dimensions[0] * dimensions[1] * dimensions[2];
  const areas = new Float32Array(size).fill(Number.NaN);
  for (let i = 0; i < voxels.length; i++) areas[voxels[i]!] = area[i]! * intervalS;
  const vessels = vesselMask(areas, Math.max(aif?.area ?? 0, vof?.area ?? 0), constants);
  const fluid = fluidMask(baselineImage, brain, signal);
  const tissue = new Uint8Array(size);
  for (const voxel of voxels) if (vessels[voxel] === 0 && fluid[voxel] === 0) tissue[voxel] = 1;
  return { vesselMask: vessels, fluidMask: fluid, tissueMask: tissue };
}
