import { type GatingAttributes, gatingOf } from './gating.ts';
import type { PaddedVoxels } from './padding.ts';
import type { AcquisitionFacts } from './warnings.ts';

/** How one slice was made, as its header says: texts, '' where absent, several values joined by a backslash. */
export interface SliceAcquisition extends GatingAttributes {
  readonly kvp: string;
  readonly kernel: string;
  readonly filterMaterial: string;
  /** SliceThickness in mm. */
  readonly sliceThickness: string;
  readonly imageType: string;
  readonly contrastAgent: string;
}

/** What was measured of the volume. */
export interface VolumeFacts {
  readonly incrementMm: number;
  readonly padded: PaddedVoxels;
}

/** What bears on the meaning of a score: from all slices, because a series can hold slices that were made differently. */
export function acquisitionFacts(
  slices: readonly SliceAcquisition[],
  { incrementMm, padded }: VolumeFacts,
): Required<AcquisitionFacts> {
  const textsOf = (read: (slice: SliceAcquisition) => string) => distinct(slices.map(read));
  const numbersOf = (read: (slice: SliceAcquisition) => string) =>
    textsOf(read).map(Number.parseFloat).filter(isPositive);
  const kvps = distinct(numbersOf(({ kvp }) => kvp));
  const thicknessesMm = numbersOf(({ sliceThickness }) => sliceThickness);
  const gatings = slices.map(gatingOf);
  return {
    kvp: kvps[0] ?? null,
    kvps,
    kernels: textsOf(({ kernel }) => kernel),
    filterMaterials: textsOf(({ filterMaterial }) => filterMaterial),
    incrementMm,
    sliceThicknessMm: thicknessesMm.length > 0 ? Math.min(...thicknessesMm) : null,
    sliceCount: slices.length,
    contrastAgent: recorded(textsOf(({ contrastAgent }) => contrastAgent)).join(', '),
    imageTypes: textsOf(({ imageType }) => imageType),
    padded,
    gating: gatings.includes('') ? '' : (gatings[0] ?? ''),
  };
}

/** Those of several texts that say something. */
export function recorded(texts: readonly string[]): string[] {
  return texts.map(text => text.trim()).filter(text => text !== '');
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}

function isPositive(value: number): boolean {
  return Number.isFinite(value) && value > 0;
}
