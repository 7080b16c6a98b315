import { CALCIUM } from '@voxelwise/calcium/core';
import {
  CtImageError,
  type CtValues,
  type SliceStack,
  SliceStackError,
  stackCtImages,
  transferSyntaxOf,
} from '@voxelwise/dicom';
import { Refusal } from '../refusal.ts';
import type { ImageHeader } from './image-header.ts';
import { codingOf } from './transfer-syntaxes.ts';

/** One image of a volume, with what its pixel words mean. */
export interface Slice extends CtValues {
  readonly header: ImageHeader;
  readonly rows: number;
  readonly columns: number;
  /** Which frame of its image it is, from 1, and of how many; absent where the image is a single one. */
  readonly frame?: { readonly number: number; readonly of: number };
}

export interface StackedSlices extends Pick<SliceStack, 'dimensions' | 'spacingMm'> {
  /** By ascending position. */
  readonly slices: readonly Slice[];
}

/**
 * Makes one volume of the images of a series.
 * @throws Refusal when they are none, when their Hounsfield units are not known, or when their pixels cannot be decoded.
 */
export function stackImages(headers: readonly ImageHeader[]): StackedSlices {
  const { order, dimensions, spacingMm, values } = orRefused(() => stackCtImages(headers, CALCIUM));
  headers.forEach(checkPixelData);
  const [columns, rows] = dimensions;
  const slices = order.map(index => ({ header: headers[index]!, rows, columns, ...values[index]! }));
  return { slices, dimensions, spacingMm };
}

function orRefused<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof CtImageError || error instanceof SliceStackError ? new Refusal(error.message) : error;
  }
}

/** @throws Refusal when the pixels of an image are not there, or cannot be decoded. */
export function checkPixelData({ label, hasPixelData, transferSyntaxUid }: ImageHeader): void {
  if (!hasPixelData) {
    throw new Refusal(`${label} has no pixel data, so it may be truncated; copy it again from its source.`);
  }
  if (codingOf(transferSyntaxUid) === null) {
    throw new Refusal(
      `${label} has the transfer syntax ${transferSyntaxUid} (${transferSyntaxOf(transferSyntaxUid).name}), which cannot be decoded here; convert the series to Explicit VR Little Endian (1.2.840.10008.1.2.1) first.`,
    );
  }
}
