import type { DeconvolutionMethod } from '../deconvolution-method.ts';
import type { PerfusionMaps } from '../maps.ts';
import type { Dimensions } from '../masks/components.ts';
import { findMidline } from '../masks/midline.ts';
import { cleanedMask } from './cleaned-mask.ts';
import { DEFAULT_FLOW_REFERENCE, type FlowReference, referenceFlow, referenceInWords } from './reference-flow.ts';
import { partAround } from './surroundings.ts';

/**
 * The method of the maps that volumes are measured on, whatever maps are shown: the thresholds were established on SVD maps.
 * Truncation 0.2 instead of the 0.1 of the maps on show: noise lifts low flow, of which a residue function's maximum is the
 * largest of many noisy values, and so takes voxels out of the core. On the stroke phantom with the default smoothing the core is
 * measured as 0.93, 0.91 and 0.87 of its volume at 2, 3 and 4 HU of noise with 0.2, and as 0.89, 0.77 and 0.64 with 0.1; without
 * noise and smoothing both are right.
 */
export const STROKE_METHOD: DeconvolutionMethod = { name: 'csvd', truncation: 0.2 };

/** By which rules core and hypoperfusion are measured. */
export interface StrokeThresholds {
  /** Core: CBF below this part of its reference. */
  readonly coreFlowPart: number;
  /** Hypoperfusion: Tmax above this. */
  readonly hypoperfusionTmaxS: number;
  /** Severe hypoperfusion, of which the intensity ratio is the part: Tmax above this. */
  readonly severeTmaxS: number;
  readonly reference: FlowReference;
  /** Islands and holes below this do not count. */
  readonly leastMl: number;
}

export const DEFAULT_STROKE_THRESHOLDS: StrokeThresholds = {
  coreFlowPart: 0.3,
  hypoperfusionTmaxS: 6,
  severeTmaxS: 10,
  reference: DEFAULT_FLOW_REFERENCE,
  leastMl: 1,
};

/** Where noise decides what a voxel shows, most of the tissue within this distance does instead. */
const SURROUNDINGS_MM = 5;
/** Noise decides Tmax where this part of the surroundings has no flow. */
const PART_WITHOUT_FLOW = 0.1;

/** Tmax above which volumes are told besides, s. */
export const TMAX_STEPS_S = [4, 6, 8, 10] as const;

/** What the volumes are measured in. */
export interface StrokeInput {
  /** Of STROKE_METHOD. */
  readonly maps: Pick<PerfusionMaps, 'CBF' | 'Tmax'>;
  readonly brainMask: Uint8Array;
  /** The brain without vessels and fluid. */
  readonly tissueMask: Uint8Array;
  readonly dimensions: Dimensions;
  readonly spacingMm: readonly [number, number, number];
}

export interface StrokeVolumes {
  /** 1 in the core, and where the tissue is hypoperfused, per voxel. */
  readonly core: Uint8Array;
  readonly hypoperfused: Uint8Array;
  readonly coreMl: number;
  readonly hypoperfusedMl: number;
  /** Hypoperfused volume - core volume. */
  readonly mismatchMl: number;
  /** Hypoperfused volume / core volume; null where there is no core. */
  readonly mismatchRatio: number | null;
  /** Volume of severe hypoperfusion / hypoperfused volume; null where nothing is hypoperfused. */
  readonly hypoperfusionIntensityRatio: number | null;
  /** Volume per step of Tmax, as in TMAX_STEPS_S. */
  readonly tmaxSteps: readonly { readonly aboveS: number; readonly volumeMl: number }[];
  /** What the flow was compared with, in words. */
  readonly coreReference: string;
  /** Further rules in words, a line each. */
  readonly further: readonly string[];
}

/**
 * Core, hypoperfusion and mismatch of a stroke. Core: CBF below a part (30 %) of its reference. Hypoperfusion: Tmax above 6 s.
 * Only tissue counts, that is the brain without vessels and fluid, and neither islands nor holes below a size.
 *
 * Where no contrast arrives, a curve is noise about 0. Half of such voxels have no value, since the area is not positive; the
 * others have a low flow and a Tmax at random. So tissue without a value has no flow where most of its surroundings are low or
 * have no value either: alone, it is healthy tissue with much noise. And in the core, where a tenth of the surroundings has no
 * value, a voxel is late, too, where most of them are late or have no value.
 * Sources: DEFUSE 3 and EXTEND as in perfusion.md; the thresholds depend on the method and are parameters.
 * @throws RangeError where the masks do not fit the maps, or a threshold cannot be
 */
export function strokeVolumes(input: StrokeInput, thresholds = DEFAULT_STROKE_THRESHOLDS): StrokeVolumes {
  assertInput(input, thresholds);
  const { maps, brainMask, tissueMask, dimensions, spacingMm } = input;
  const { coreFlowPart, hypoperfusionTmaxS, severeTmaxS, reference, leastMl } = thresholds;
  const voxelMl = (spacingMm[0] * spacingMm[1] * spacingMm[2]) / 1000;
  const cleaned = (mask: Uint8Array) => cleanedMask(mask, tissueMask, dimensions, Math.ceil(leastMl / voxelMl));
  const volumeMl = (mask: Uint8Array) => countOf(mask) * voxelMl;
  const around = (mask: Uint8Array) => partAround(mask, tissueMask, dimensions, spacingMm, SURROUNDINGS_MM);

  const midline = findMidline(brainMask, dimensions, spacingMm);
  const normal = midline && referenceFlow(maps.CBF, tissueMask, midline, dimensions, spacingMm, reference);
  const hasFlow = (voxel: number) => !Number.isNaN(maps.CBF[voxel]!);
  // a comparison with NaN is false: without a reference a voxel is neither low nor without flow
  const isLow = (voxel: number) =>
    normal !== null && (hasFlow(voxel) ? maps.CBF[voxel]! : 0) < coreFlowPart * normal[voxel]!;
  const low = where(tissueMask, isLow);
  const partLow = around(low);
  const core = cleaned(where(low, voxel => hasFlow(voxel) || partLow(voxel) > 0.5));

  const withoutFlow = where(core, voxel => !hasFlow(voxel));
  const partWithout = around(withoutFlow);
  const noisy = where(core, voxel => partWithout(voxel) >= PART_WITHOUT_FLOW);
  const slow = new Map<number, Uint8Array>();
  const above = (limitS: number) => {
    const known = slow.get(limitS);
    if (known) return known;
    const isLate = (voxel: number) => maps.Tmax[voxel]! > limitS;
    const partLate = around(where(tissueMask, voxel => isLate(voxel) || withoutFlow[voxel] === 1));
    const mask = cleaned(where(tissueMask, voxel => isLate(voxel) || (noisy[voxel] === 1 && partLate(voxel) > 0.5)));
    slow.set(limitS, mask);
    return mask;
  };
  const hypoperfused = above(hypoperfusionTmaxS);
  const coreMl = volumeMl(core);
  const hypoperfusedMl = volumeMl(hypoperfused);
  return {
    core,
    hypoperfused,
    coreMl,
    hypoperfusedMl,
    mismatchMl: hypoperfusedMl - coreMl,
    mismatchRatio: coreMl > 0 ? hypoperfusedMl / coreMl : null,
    hypoperfusionIntensityRatio: hypoperfusedMl > 0 ? volumeMl(above(severeTmaxS)) / hypoperfusedMl : null,
    tmaxSteps: TMAX_STEPS_S.map(aboveS => ({ aboveS, volumeMl: volumeMl(above(aboveS)) })),
    coreReference: referenceInWords(reference),
    further: [
      'Vessels, fluid and what lies outside the brain do not count.',
      `Islands and holes below ${leastMl} mL do not count.`,
      `Tissue without measurable contrast has no flow where most of the tissue within ${SURROUNDINGS_MM} mm is below the limit or without contrast too.`,
      `Where a tenth of the tissue within ${SURROUNDINGS_MM} mm is such core without contrast, core is also late where most of that tissue is late or without contrast.`,
    ],
  };
}

function assertInput(input: StrokeInput, thresholds: StrokeThresholds): void {
  const voxels = input.dimensions[0] * input.dimensions[1] * input.dimensions[2];
  for (const [name, { length }] of Object.entries({
    CBF: input.maps.CBF,
    Tmax: input.maps.Tmax,
    'brain mask': input.brainMask,
    'tissue mask': input.tissueMask,
  })) {
    if (length !== voxels) throw new RangeError(`The ${name} has ${length} values, and the series ${voxels} voxels.`);
  }
  const { coreFlowPart, hypoperfusionTmaxS, severeTmaxS, leastMl } = thresholds;
  if (!(coreFlowPart > 0 && coreFlowPart < 1)) {
    throw new RangeError(`The core is flow below a part between 0 and 1 of normal; ${coreFlowPart} cannot be.`);
  }
  if (!(hypoperfusionTmaxS > 0) || !Number.isFinite(hypoperfusionTmaxS)) {
    throw new RangeError(`Hypoperfusion is Tmax above a number of seconds; ${hypoperfusionTmaxS} cannot be.`);
  }
  if (!(severeTmaxS >= hypoperfusionTmaxS)) {
    throw new RangeError(
      `Severe hypoperfusion begins at ${hypoperfusionTmaxS} s or later, as hypoperfusion does; ${severeTmaxS} s cannot be.`,
    );
  }
  if (!(leastMl >= 0)) throw new RangeError(`The least volume is a number of mL from 0 on; ${leastMl} cannot be.`);
}

function where(tissue: Uint8Array, isIn: (voxel: number) => boolean): Uint8Array {
  const mask = new Uint8Array(tissue.length);
  for (let voxel = 0; voxel < mask.length; voxel++) if (tissue[voxel] === 1 && isIn(voxel)) mask[voxel] = 1;
  return mask;
}

function countOf(mask: Uint8Array): number {
  let count = 0;
  for (let voxel = 0; voxel < mask.length; voxel++) count += mask[voxel]!;
  return count;
}
