/** Results as DICOM objects that other products read. */

export type { Keyword } from './attributes.ts';
export { encodeText } from './character-set.ts';
export type { CieLab, Rgb } from './cielab.ts';
export { cieLabOf } from './cielab.ts';
export type { Code } from './codes.ts';
export { codeItem, codeOf, dcm, isSameCode, PRIVATE_SCHEME, sct, ucum } from './codes.ts';
export type { DataSet } from './data-set.ts';
export { DicomResultError, SourceText } from './data-set.ts';
export { decimalString } from './decimal-string.ts';
export type { DerivedObjectOptions, ResultSoftware } from './derived-object.ts';
export { derivedObject, dicomDateTime, freeSeriesNumber, MANUFACTURER } from './derived-object.ts';
export type { DicomObject } from './dicom-object.ts';
export { toDicomObject } from './dicom-object.ts';
export type { EncapsulatedPdfOptions, StoredPdf } from './encapsulated-pdf.ts';
export { ENCAPSULATED_PDF_STORAGE, readEncapsulatedPdf, writeEncapsulatedPdf } from './encapsulated-pdf.ts';
export { asciiJson, inCharacterSet } from './fitting-text.ts';
export type {
  Evaluation,
  Measurement,
  MeasurementGroup,
  ReportText,
  StoredMeasurement,
  StoredMeasurementGroup,
  StoredMeasurementReport,
} from './measurement-report.ts';
export { readMeasurementReport, reportSubject } from './measurement-report-reader.ts';
export { writeMeasurementReport } from './measurement-report-writer.ts';
export type { NaturalDataSet } from './natural.ts';
export { itemsOf, joinedTextOf, textOf, textsOf } from './natural.ts';
export type { ParametricMap, ParametricMapOptions } from './parametric-map.ts';
export { PARAMETRIC_MAP_STORAGE, writeParametricMap } from './parametric-map.ts';
export type { StoredFrame, StoredParametricMap } from './parametric-map-reader.ts';
export { readParametricMap } from './parametric-map-reader.ts';
export { readPart10, toDataSet } from './read-part10.ts';
export type { ReferencedObject, ReportOptions } from './report-document.ts';
export type { Picture, SecondaryCaptureOptions, StoredPictures } from './secondary-capture.ts';
export { readSecondaryCapture, writeSecondaryCapture } from './secondary-capture.ts';
export type { ReportPart, SectionContent, StoredSection } from './section-report.ts';
export { readSection, writeSectionReport } from './section-report.ts';
export type { Algorithm, Segment, StoredSegment, StoredSegmentation, VoxelRuns } from './segmentation.ts';
export { readSegmentation } from './segmentation-reader.ts';
export type { SegmentationOptions } from './segmentation-writer.ts';
export { writeSegmentation } from './segmentation-writer.ts';
export type { DerivedSource, SourceFrame, SourceSlice } from './source.ts';
export { sourceFromFiles, sourceFromFrames, sourceFromInstances } from './source.ts';
export type { UidGenerator } from './uid.ts';
export { newUid } from './uid.ts';
export { writePart10 } from './write-part10.ts';
