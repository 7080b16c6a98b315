/** DICOM knowledge that the viewer's plug-ins and the command line share. */

export type { CtAcquisition } from './ct-acquisition.ts';
export { ctAcquisitionOf } from './ct-acquisition.ts';
export type { CtImageHeader } from './ct-image.ts';
export { ctImageOf } from './ct-image.ts';
export type { CtStack } from './ct-stack.ts';
export { stackCtImages } from './ct-stack.ts';
export type { CtValues, MeasuredTissue, PixelFormat } from './ct-values.ts';
export { CtImageError } from './ct-values.ts';
export { parseDecimal, parseDecimals } from './decimal-text.ts';
export * from './dynamic/index.ts';
export type { ImageOrigin } from './image-origin.ts';
export { differenceInOrigin, originOf } from './image-origin.ts';
export type { ImagedPerson } from './imaged-person.ts';
export { imagedPersonOf } from './imaged-person.ts';
export type { PaddingAttributes } from './pixel-padding.ts';
export { paddingRange } from './pixel-padding.ts';
export * from './report/index.ts';
export * from './results/index.ts';
export type { GeometryProblem, SliceGeometry, SliceStack } from './slice-stack.ts';
export { SliceStackError, stackSlices } from './slice-stack.ts';
export * from './store/index.ts';
export { transferSyntaxOf } from './transfer-syntax.ts';
