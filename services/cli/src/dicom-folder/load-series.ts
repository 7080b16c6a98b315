import {
  type AcquisitionFacts,
  acquisitionFacts,
  addPadded,
  type HuVolume,
  NO_VOXEL_HU,
  recorded,
} from '@voxelwise/calcium/core';
import { parseDecimal, parseDecimals } from '@voxelwise/dicom';
import { Refusal } from '../refusal.ts';
import { chooseSeries } from './choose-series.ts';
import type { ImageHeader } from './image-header.ts';
import { readPixels, type SlicePixels } from './pixels.ts';
import { readFolder } from './read-folder.ts';
import { type Slice, type StackedSlices, stackImages } from './slice.ts';

/** What is known of a series; no patient data. */
export interface SeriesInformation {
  readonly uid: string;
  readonly studyUid: string;
  readonly modality: string;
  readonly description: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly kVp: number | null;
  /** Every tube voltage that a slice records, ascending: more than one is a mixed series. */
  readonly kVps: readonly number[];
  /** Every kernel and filter material that a slice records, joined by a comma. */
  readonly kernel: string | null;
  readonly filterMaterial: string | null;
  readonly contrast: string | null;
  /** What the headers say of ECG gating; null where those of some slices say nothing. */
  readonly gating: string | null;
  /** Every ImageType that a slice has. */
  readonly imageTypes: readonly string[];
  readonly slices: number;
  readonly rows: number;
  readonly columns: number;
  /** [column spacing, row spacing] in mm. */
  readonly spacingMm: readonly [number, number];
  readonly incrementMm: number;
  /** Of the thinnest slice. */
  readonly sliceThicknessMm: number | null;
  /** z of the first and last slice, mm. */
  readonly zMm: readonly [number, number];
}

export interface LoadedSeries {
  readonly information: SeriesInformation;
  readonly volume: HuVolume;
  /** What bears on the meaning of the score. */
  readonly facts: AcquisitionFacts;
  /** The slices in the order of the volume. */
  readonly headers: readonly ImageHeader[];
  /** Numbers of all series of the study that the folder has. */
  readonly seriesNumbers: readonly number[];
}

export interface LoadOptions {
  readonly seriesUid?: string;
  readonly onProgress?: (message: string) => void;
}

/**
 * Reads one CT series of a folder as a volume in Hounsfield units, slices in ascending z.
 * @throws Refusal with the reason when that cannot be done beyond doubt.
 */
export async function loadSeries(folder: string, { seriesUid, onProgress }: LoadOptions = {}): Promise<LoadedSeries> {
  const contents = await readFolder(folder, (done, total) => onProgress?.(`Reading headers ${done}/${total}`));
  const headers = chooseSeries(contents, folder, seriesUid);
  const stacked = stackImages(headers);
  const { slices, dimensions, spacingMm } = stacked;

  const pixels = dimensions[0] * dimensions[1];
  const padded = new Map<number, number>();
  let voxels = emptyVoxels(dimensions, slices.every(hasIntegerRescale));
  for (const [index, slice] of slices.entries()) {
    onProgress?.(`Reading slices ${index}/${slices.length}`);
    const slicePixels = await readPixels(slice);
    for (const [stored, count] of slicePixels.padded) addPadded(padded, stored * slice.slope + slice.intercept, count);
    const isExact = fillSlice(slicePixels, slice, voxels, index * pixels);
    if (isExact) continue;
    // Rare: integers beyond 16 bits. What was read so far is exact in Float32 too.
    voxels = Float32Array.from(voxels);
    fillSlice(slicePixels, slice, voxels, index * pixels);
  }
  const acquisitions = slices.map(({ header }) => header.acquisition);
  const facts = acquisitionFacts(acquisitions, { incrementMm: spacingMm[2], padded });
  return {
    information: describeSeries(stacked, facts),
    facts,
    volume: { voxels, dimensions, spacingMm },
    headers: slices.map(({ header }) => header),
    seriesNumbers: seriesNumbersOf(contents.images, headers[0]!.studyInstanceUid),
  };
}

/** The values of one slice, row by row. Not a copy. */
export function sliceHuOf({ voxels, dimensions }: HuVolume, slice: number): HuVolume['voxels'] {
  const pixels = dimensions[0] * dimensions[1];
  return voxels.subarray(slice * pixels, (slice + 1) * pixels);
}

function emptyVoxels([columns, rows, slices]: HuVolume['dimensions'], areIntegers: boolean): HuVolume['voxels'] {
  try {
    return new (areIntegers ? Int16Array : Float32Array)(columns * rows * slices);
  } catch {
    throw new Refusal(
      `The series has ${slices} slices of ${rows} x ${columns} pixels, which is more than memory holds; give a series of CT slices.`,
    );
  }
}

function seriesNumbersOf(images: readonly ImageHeader[], studyUid: string): number[] {
  const ofStudy = images.filter(image => image.studyInstanceUid === studyUid);
  return [...new Set(ofStudy.map(({ seriesNumber }) => parseDecimal(seriesNumber)))].filter(number => number !== null);
}

const hasIntegerRescale = ({ slope, intercept }: Slice): boolean =>
  Number.isInteger(slope) && Number.isInteger(intercept);

/**
 * HU = stored * slope + intercept in double precision, stored in the array's precision; padding is no measurement.
 * @returns false when a value does not fit an Int16Array.
 */
function fillSlice(
  { stored, isPadding }: SlicePixels,
  { slope, intercept }: Slice,
  voxels: HuVolume['voxels'],
  offset: number,
): boolean {
  const isInt16 = voxels instanceof Int16Array;
  for (let pixel = 0; pixel < stored.length; pixel++) {
    const hu = isPadding?.[pixel] ? NO_VOXEL_HU : stored[pixel]! * slope + intercept;
    if (isInt16 && (hu < -32768 || hu > 32767)) return false;
    voxels[offset + pixel] = hu;
  }
  return true;
}

function describeSeries({ slices, spacingMm }: StackedSlices, facts: Required<AcquisitionFacts>): SeriesInformation {
  const [columnSpacingMm, rowSpacingMm, incrementMm] = spacingMm;
  const { header, rows, columns } = slices[0]!;
  const { kvp, kvps, kernels, filterMaterials, contrastAgent, gating, imageTypes, sliceThicknessMm } = facts;
  return {
    uid: header.seriesUid,
    studyUid: header.studyInstanceUid,
    modality: header.modality,
    description: header.description || null,
    manufacturer: header.manufacturer || null,
    model: header.model || null,
    kVps: kvps.toSorted((a, b) => a - b),
    kVp: kvp,
    kernel: recorded(kernels).join(', ') || null,
    contrast: contrastAgent || null,
    gating: gating || null,
    filterMaterial: recorded(filterMaterials).join(', ') || null,
    imageTypes: recorded(imageTypes),
    slices: slices.length,
    rows,
    columns,
    spacingMm: [columnSpacingMm, rowSpacingMm],
    incrementMm,
    sliceThicknessMm,
    zMm: [zOf(slices[0]!), zOf(slices.at(-1)!)],
  };
}

function zOf({ header }: Slice): number {
  return parseDecimals(header.imagePosition)![2]!;
}
