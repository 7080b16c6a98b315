import {
  type DerivedSource,
  type DicomObject,
  DicomResultError,
  dcm,
  type ReportOptions,
  readSection,
  type SectionContent,
  type StoredSection,
  writeSectionReport,
} from '@voxelwise/dicom';

/** TID 3900 "CT/MR Cardiovascular Analysis Report". */
const REPORT = { name: dcm('122600', 'Cardiovascular Analysis Report'), template: '3900' };
/** TID 3905 "Calcium Scoring". */
const SECTION = { name: dcm('122603', 'Calcium Scoring Analysis'), template: '3905' };

/**
 * Writes scores as a Comprehensive SR that follows TID 3900 with TID 3905 as its one section: the document that cardiology archives
 * look for. docs/dicom-results.md says which of its rows are verified.
 * @throws DicomResultError when a value cannot be written
 */
export function writeCalciumScoringReport(
  source: DerivedSource,
  content: SectionContent,
  options: ReportOptions,
): DicomObject {
  return writeSectionReport(source, REPORT, { ...SECTION, ...content }, options);
}

/**
 * Reads the calcium scoring section of a cardiovascular analysis report.
 * @throws DicomResultError where it is another kind of document, or contradicts itself
 */
export function readCalciumScoringReport(file: Uint8Array): StoredSection {
  const section = readSection(file, REPORT, SECTION);
  if (section) return section;
  throw new DicomResultError('This is no cardiovascular analysis report (TID 3900) with a calcium scoring section.');
}
