import {
  createDeconvolver,
  meanContrast,
  noiseOf,
  type Smoothing,
  type Survey,
  smoothingWeights,
  trapezoidSum,
} from '../core/index.ts';
import { formatMapValue, type ResultCurve, unitOf } from '../results/index.ts';
import type { Decisions, DrawnRegion } from './decisions.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import { mirroredRegion, voxelsOfRegion } from './regions.ts';
import { smoothedContrast } from './smoothed-curve.ts';
import type { ComputedMaps, Voxel } from './state.ts';
import { chosenVessels } from './vessels.ts';
import { voxelIndex } from './voxels.ts';

/** Curves side by side. */
export interface ShownCurves {
  readonly timesS: Float64Array;
  readonly curves: readonly ResultCurve[];
  /** What the reader points at; null for nothing. */
  readonly tissue: { readonly name: string; readonly voxels: Int32Array; readonly curve: Float64Array } | null;
}

/** What the reader points at: a region goes before a voxel. */
export interface Pointed {
  readonly pointed: Voxel | null;
  readonly region: DrawnRegion | null;
}

/** Artery, vein, and the tissue that the reader points at with its mirrored region, above the baseline. */
export function shownCurves(
  series: PerfusionSeries,
  survey: Survey,
  decisions: Decisions,
  { pointed, region }: Pointed,
): ShownCurves {
  const { volume } = series;
  const { timePoints, intervalS, dimensions } = volume;
  const curves: ResultCurve[] = [];
  const vessels = vesselsOrNull(series, survey, decisions);
  if (vessels) curves.push({ kind: 'aif', name: 'AIF', values: vessels.aif.curve });
  if (vessels?.vof) curves.push({ kind: 'vof', name: 'VOF', values: vessels.vof.curve });
  const name = region?.name ?? (pointed ? `Voxel ${pointed.map(value => value + 1).join(', ')}` : '');
  const voxels = region ? voxelsOfRegion(region, series) : pointed && Int32Array.of(voxelIndex(pointed, dimensions));
  const { settings } = decisions;
  const curve = voxels && tissueCurve(series, survey, voxels, settings.smoothing);
  const tissue = curve && voxels ? { name, voxels, curve } : null;
  if (tissue) {
    curves.push({ kind: 'tissue', name, values: tissue.curve });
    const mirrored = mirroredRegion(tissue.voxels, series, survey);
    const other = tissueCurve(series, survey, mirrored, settings.smoothing);
    if (other) curves.push({ kind: 'mirrored', name: `${name}, mirrored`, values: other });
  }
  return { timesS: Float64Array.from({ length: timePoints }, (_, t) => t * intervalS), curves, tissue };
}

function vesselsOrNull(series: PerfusionSeries, survey: Survey, decisions: Decisions) {
  try {
    return chosenVessels(series, survey, decisions);
  } catch {
    return null; // said where the maps would be
  }
}

/** The mean of a region; of a single voxel the curve that its maps are computed of, smoothed with its neighbors. */
function tissueCurve(series: PerfusionSeries, survey: Survey, voxels: Int32Array, smoothing: Smoothing) {
  const { volume } = series;
  const [voxel] = voxels;
  const { baseline, brainMask } = survey;
  const weights = smoothingWeights(smoothing, volume.intervalS, volume.spacingMm);
  const smoothed =
    voxels.length === 1 && voxel !== undefined
      ? smoothedContrast(volume, brainMask, voxel, { baseline, smoothing: weights })
      : null;
  return smoothed ?? contrastOrNull(series, survey, voxels);
}

/** Null where none of the voxels has contrast: air, or beside the image. */
function contrastOrNull({ volume }: PerfusionSeries, { baseline }: Survey, voxels: Int32Array): Float64Array | null {
  try {
    return meanContrast(volume, voxels, baseline);
  } catch {
    return null;
  }
}

/** Residue function of what the reader points at, with the values that it gives. */
export interface ShownResidue {
  readonly name: string;
  readonly timesS: Float64Array;
  /** Flow that is still there, in the unit of CBF. */
  readonly values: Float64Array;
  readonly yLabel: string;
  readonly text: string;
}

/** @returns null where nothing is pointed at, or its curve gives no values */
export function residueOf(
  { volume }: PerfusionSeries,
  { baseline }: Survey,
  { vessels, settings }: ComputedMaps,
  { tissue }: ShownCurves,
): ShownResidue | null {
  if (!tissue) return null;
  const { method, constants } = settings;
  const { intervalS } = volume;
  const deconvolver = createDeconvolver(vessels.input.curve, intervalS, method);
  const sum = trapezoidSum(tissue.curve);
  if (!(sum > 0)) return null;
  const residue = deconvolver.residueOf(tissue.curve, noiseOf(tissue.curve, baseline[0]));
  const scale = constants.hematocritFactor / constants.densityGPerMl;
  const values = residue.map(value => 6000 * scale * value);
  const top = values.indexOf(Math.max(...values));
  const cbf = values[top]!;
  if (!(cbf > 0)) return null;
  const cbv = (100 * scale * sum) / trapezoidSum(vessels.input.curve);
  const order = Array.from(deconvolver.timesS.keys()).sort((a, b) => deconvolver.timesS[a]! - deconvolver.timesS[b]!);
  const [flow, volumeUnit] = [unitOf('CBF', constants), unitOf('CBV', constants)];
  return {
    name: tissue.name,
    timesS: Float64Array.from(order, index => deconvolver.timesS[index]!),
    values: Float64Array.from(order, index => values[index]!),
    yLabel: flow,
    text: [
      `CBF ${formatMapValue('CBF', cbf)} ${flow}`,
      `CBV ${formatMapValue('CBV', cbv)} ${volumeUnit}`,
      `MTT ${formatMapValue('MTT', (60 * cbv) / cbf)} s`,
      `Tmax ${formatMapValue('Tmax', deconvolver.timesS[top]!)} s`,
    ].join(', '),
  };
}
