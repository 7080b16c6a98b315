import type { CtImageHeader } from './ct-image.ts';
import { CtImageError, type CtValues, ctValuesOf, type MeasuredTissue } from './ct-values.ts';
import { parseDecimals } from './decimal-text.ts';
import { differenceInOrigin } from './image-origin.ts';
import { type SliceGeometry, type SliceStack, stackSlices } from './slice-stack.ts';

/** CT images that make one volume in Hounsfield units. */
export interface CtStack extends SliceStack {
  /** Of every image, in the order in which they were given. */
  readonly values: readonly CtValues[];
}

/**
 * Everything that can be told from headers alone about whether images make a volume to measure in: one patient, study and place;
 * Hounsfield units of every image; a regular, axial stack. Viewer and command line ask this, so both refuse the same.
 * @throws CtImageError or SliceStackError with one sentence
 */
export function stackCtImages(headers: readonly CtImageHeader[], tissue: MeasuredTissue): CtStack {
  checkOrigin(headers);
  const values = headers.map(header => ctValuesOf(header, tissue));
  return { ...stackSlices(headers.map(geometryOf)), values };
}

/** Positions in two frames of reference, or of two patients, have nothing to do with each other. */
export function checkOrigin(headers: readonly CtImageHeader[]): void {
  const difference = differenceInOrigin(headers);
  if (!difference) return;
  const { what, other } = difference;
  throw new CtImageError(
    `${headers[0]!.label} and ${headers[other]!.label} are of two ${what}, although they are in one series, so they are not slices of one volume; take the images of one scan.`,
  );
}

/** Where an image lies, as numbers. */
export function geometryOf(header: CtImageHeader): SliceGeometry {
  // What is no number is told apart from what is not there.
  const values = (text: string) => (text === '' ? [] : (parseDecimals(text) ?? [Number.NaN]));
  const { rows = 0, columns = 0 } = header;
  return {
    ...header,
    rows,
    columns,
    pixelSpacingMm: values(header.pixelSpacing),
    position: values(header.imagePosition),
    orientation: values(header.imageOrientation),
    gantryTiltDegrees: values(header.gantryDetectorTilt)[0],
  };
}
