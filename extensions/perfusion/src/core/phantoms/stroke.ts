import type { DynamicSignal, DynamicVolume } from '../dynamic-volume.ts';
import { ABSOLUTE_CONSTANTS, type PerfusionMaps } from '../maps.ts';
import { gammaVariate, PHANTOM_ARTERY, sampleDelayed, sampleTimes, tissuePerFlow } from './curves.ts';
import { strokeAnatomy } from './stroke-anatomy.ts';
import { addStrokeNoise } from './stroke-noise.ts';
import {
  type BloodSupply,
  bloodSupplies,
  REST_SIGNALS,
  STROKE_TISSUES,
  type StrokeTissue,
  tissueLabel,
} from './stroke-tissues.ts';
import { strokeTruth } from './stroke-truth.ts';

// bound once: looking up a global for every voxel is slow in sandboxes such as jest's
const { round } = Math;

export interface StrokePhantomParameters {
  /** Voxels per axis. The field of view is 220 mm, whatever their number. */
  readonly dimensions: readonly [number, number, number];
  readonly sliceIncrementMm: number;
  readonly timePoints: number;
  readonly intervalS: number;
  readonly signal: DynamicSignal;
  /** Standard deviation of the noise: HU, or the unit of the MR signal (Rician; rest signals are about 700 to 900). */
  readonly noiseSd: number;
  /** Whole numbers in 16 bits, as a scanner stores them, or what they were rounded from. */
  readonly wholeNumbers: boolean;
  readonly seed: number;
  /** Flow of the core and of the penumbra as parts of the same tissue's normal flow; the delay of both. */
  readonly coreFlow: number;
  readonly penumbraFlow: number;
  readonly delayS: number;
  /** When the contrast agent arrives in the arteries. */
  readonly arrivalS: number;
  /** How much of a voxel of an artery is blood: 1 measures the true AIF. */
  readonly arterialFraction: number;
}

export interface StrokePhantom {
  readonly volume: DynamicVolume;
  readonly parameters: StrokePhantomParameters;
  /** What each voxel is, an index of STROKE_TISSUES. */
  readonly labels: Uint8Array;
  /** True contrast in an artery and in the sagittal sinus, HU or 1/s, without partial volume or noise. */
  readonly aif: Float64Array;
  readonly vof: Float64Array;
  /** Voxels of full arterial signal, and of the sinus. */
  readonly arteryVoxels: Int32Array;
  readonly sinusVoxels: Int32Array;
  /** True values of tissue; Tmax is the delay. NaN in fluid, vessels and outside the brain. */
  readonly maps: PerfusionMaps;
  /** 1 where the flow is below 30 % of the same tissue's normal flow, and where Tmax exceeds 6 s. */
  readonly core: Uint8Array;
  readonly hypoperfusion: Uint8Array;
  readonly coreMl: number;
  readonly hypoperfusionMl: number;
}

export const STROKE_PHANTOM_DEFAULTS: StrokePhantomParameters = {
  dimensions: [256, 256, 16],
  sliceIncrementMm: 5,
  timePoints: 60,
  intervalS: 1,
  signal: { kind: 'attenuation' },
  noiseSd: 0,
  wholeNumbers: false,
  seed: 1,
  coreFlow: 0.15,
  penumbraFlow: 0.45,
  delayS: 8,
  arrivalS: 10,
  arterialFraction: 1,
};

const FIELD_OF_VIEW_MM = 220;
const FINE_STEP_S = 0.02;
/** ΔR2* of blood per HU of the same bolus, 1/s: 300 HU are 60/s, as in a large artery at 1.5 T. */
const RELAXATION_PER_HU = 0.2;
/** Blood needs this long from the arteries to the sinus, and spreads over an exponential of this mean. */
const VENOUS_DELAY_S = 3;
const VENOUS_SPREAD_S = 3;
const RIM_FRACTION = 0.5;

/**
 * A head with an occluded right middle cerebral artery and known perfusion: an ellipse of gray and white matter (CBF 60 and 25
 * mL/100 g/min, CBV 4 and 2 mL/100 g) in skull, scalp and air, ventricles, a wedge of penumbra around a core, both delayed,
 * arteries, and the sagittal sinus. Residue functions are exponential. The sinus gets the arterial bolus later and wider, with
 * the same area, as the conservation of the contrast agent has it. Perfusion does not depend on what measures it: CT and MR
 * (S = S0 * exp(-TE * ΔR2*)) have the same truth.
 */
export function strokePhantom(parameters: Partial<StrokePhantomParameters> = {}): StrokePhantom {
  const all: StrokePhantomParameters = { ...STROKE_PHANTOM_DEFAULTS, ...parameters };
  const { dimensions, signal } = all;
  const spacingMm = [FIELD_OF_VIEW_MM / dimensions[0], FIELD_OF_VIEW_MM / dimensions[1], all.sliceIncrementMm] as const;
  const labels = strokeAnatomy({ dimensions, spacingMm });
  const supplies = bloodSupplies(all);
  const { aif, vof, contrast, peakTimesS } = contrastCurves(all, supplies);
  const signals = STROKE_TISSUES.map((tissue, label) => signalCurve(tissue, contrast[label]!, signal));
  const voxels = paint(labels, signals, all);
  return {
    volume: { voxels, dimensions, timePoints: all.timePoints, intervalS: all.intervalS, spacingMm, signal },
    parameters: all,
    labels,
    aif,
    vof,
    arteryVoxels: voxelsOf(labels, 'artery'),
    sinusVoxels: voxelsOf(labels, 'sagittal sinus'),
    ...strokeTruth(labels, supplies, peakTimesS, spacingMm),
  };
}

/** Contrast of every tissue, and the time from the arrival in the arteries to its peak. */
function contrastCurves(parameters: StrokePhantomParameters, supplies: ReadonlyMap<StrokeTissue, BloodSupply>) {
  const { timePoints, intervalS, arrivalS, signal, arterialFraction } = parameters;
  const timesS = Float64Array.from({ length: timePoints }, (_, t) => t * intervalS);
  const fineTimesS = sampleTimes(timePoints * intervalS + FINE_STEP_S, FINE_STEP_S);
  const scale = signal.kind === 'attenuation' ? 1 : RELAXATION_PER_HU;
  const artery = { ...PHANTOM_ARTERY, peak: PHANTOM_ARTERY.peak * scale, arrivalS };
  const fineAif = gammaVariate(fineTimesS, artery);
  const aif = gammaVariate(timesS, artery);
  // a flow of 6000 / VENOUS_SPREAD_S with densities of 1 passes on all of the bolus
  const plain = { hematocritFactor: 1, densityGPerMl: 1 };
  const fineVof = tissuePerFlow(fineAif, FINE_STEP_S, 'exponential', VENOUS_SPREAD_S, plain);
  const vof = sampleDelayed(fineVof, FINE_STEP_S, timesS, VENOUS_DELAY_S).map(
    value => (value * 6000) / VENOUS_SPREAD_S,
  );
  const peakTimesS = new Map<StrokeTissue, number>();
  const contrast = STROKE_TISSUES.map(tissue => {
    if (tissue === 'artery') return aif.map(value => value * arterialFraction);
    if (tissue === 'artery, partial volume') return aif.map(value => value * arterialFraction * RIM_FRACTION);
    if (tissue === 'sagittal sinus') return vof;
    const supply = supplies.get(tissue);
    if (!supply) return new Float64Array(timePoints);
    const mttS = (60 * supply.cbv) / supply.cbf;
    const fine = tissuePerFlow(fineAif, FINE_STEP_S, 'exponential', mttS, ABSOLUTE_CONSTANTS);
    const peak = fine.reduce((best, value, at) => (value > fine[best]! ? at : best), 0);
    peakTimesS.set(tissue, peak * FINE_STEP_S + supply.delayS - arrivalS);
    return sampleDelayed(fine, FINE_STEP_S, timesS, supply.delayS).map(value => value * supply.cbf);
  });
  return { aif, vof, contrast, peakTimesS };
}

function signalCurve(tissue: StrokeTissue, contrast: Float64Array, signal: DynamicSignal): Float64Array {
  const { hu, mr } = REST_SIGNALS[tissue];
  if (signal.kind === 'attenuation') return contrast.map(value => hu + value);
  return contrast.map(value => mr * Math.exp(-signal.echoTimeS * value));
}

/** Every voxel gets the curve of its tissue, then noise. Layout as in DynamicVolume. */
function paint(
  labels: Uint8Array,
  signals: readonly Float64Array[],
  { dimensions, timePoints, signal, noiseSd, wholeNumbers, seed }: StrokePhantomParameters,
): Int16Array | Float32Array {
  const sliceLength = dimensions[0] * dimensions[1];
  const slices = dimensions[2];
  const voxels = wholeNumbers
    ? new Int16Array(sliceLength * slices * timePoints)
    : new Float32Array(sliceLength * slices * timePoints);
  const frame = new Float32Array(sliceLength);
  const noise = addStrokeNoise(seed, noiseSd, signal);
  for (let z = 0; z < slices; z++) {
    for (let t = 0; t < timePoints; t++) {
      const values = Float32Array.from(signals, curve => curve[t]!);
      const first = z * sliceLength;
      for (let i = 0; i < sliceLength; i++) frame[i] = values[labels[first + i]!]!;
      noise(frame);
      // typed arrays cut off what is behind the point
      if (wholeNumbers) for (let i = 0; i < sliceLength; i++) frame[i] = round(frame[i]!);
      voxels.set(frame, (z * timePoints + t) * sliceLength);
    }
  }
  return voxels;
}

function voxelsOf(labels: Uint8Array, tissue: StrokeTissue): Int32Array {
  const label = tissueLabel(tissue);
  const voxels: number[] = [];
  for (let voxel = 0; voxel < labels.length; voxel++) if (labels[voxel] === label) voxels.push(voxel);
  return Int32Array.from(voxels);
}
