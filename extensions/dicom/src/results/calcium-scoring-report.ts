import { type Code, codeOf } from './codes.ts';
import {
  childrenOf,
  containerItem,
  findItem,
  findItems,
  nameOf,
  textItem,
  valueOfNumberItem,
  valueTypeOf,
} from './content-item.ts';
import { DicomResultError } from './data-set.ts';
import type { DicomObject } from './dicom-object.ts';
import type { Measurement, ReportText, StoredMeasurement } from './measurement-report.ts';
import { algorithmItems, measurementItem } from './measurement-report-writer.ts';
import { itemOf, textOf } from './natural.ts';
import { readPart10 } from './read-part10.ts';
import { CONCEPTS } from './report-concepts.ts';
import { imageLibrary, type ReportOptions, reportContext, reportDocument } from './report-document.ts';
import type { Algorithm } from './segmentation.ts';
import type { DerivedSource } from './source.ts';

/** What a calcium scoring section says. */
export interface CalciumScoring {
  readonly algorithm: Algorithm;
  /** Thresholds and calibration. */
  readonly parameters: readonly Measurement[];
  /** Scores with the artery they belong to; without one they belong to all arteries together. */
  readonly scores: readonly (Measurement & { readonly site?: Code })[];
  readonly texts: readonly ReportText[];
}

export interface StoredCalciumScoring {
  readonly measurements: readonly (StoredMeasurement & { readonly site: Code | null })[];
  readonly texts: readonly ReportText[];
}

export const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33';

/**
 * Writes scores as a Comprehensive SR that follows TID 3900 "CT/MR Cardiovascular Analysis Report", with TID 3905 "Calcium Scoring" as
 * its one section: the document that cardiology archives look for. docs/dicom-results.md says which of its rows are verified.
 * @throws DicomResultError when a value cannot be written
 */
export function writeCalciumScoringReport(
  source: DerivedSource,
  { algorithm, parameters, scores, texts }: CalciumScoring,
  options: ReportOptions,
): DicomObject {
  const section = containerItem(
    'CONTAINS',
    CONCEPTS.calciumScoring,
    [
      ...algorithmItems(algorithm),
      ...parameters.map(parameter => measurementItem(parameter)),
      ...scores.map(score => measurementItem(score, score.site)),
      ...texts.map(({ name, text }) => textItem('CONTAINS', name, text)),
    ],
    '3905',
  );
  const root = containerItem(
    null,
    CONCEPTS.cardiovascularReport,
    [...reportContext(options), imageLibrary(source), section],
    '3900',
  );
  return reportDocument(source, root, [], { ...options, sopClassUid: COMPREHENSIVE_SR });
}

/**
 * Reads the calcium scoring section of a cardiovascular analysis report.
 * @throws DicomResultError where it is another kind of document, or contradicts itself
 */
export function readCalciumScoringReport(file: Uint8Array): StoredCalciumScoring {
  const { dataSet } = readPart10(file);
  const template = textOf(itemOf(dataSet, 'ContentTemplateSequence'), 'TemplateIdentifier');
  const section = findItem(dataSet, 'CONTAINER', CONCEPTS.calciumScoring);
  if (template !== '3900' || valueTypeOf(section) !== 'CONTAINER') {
    throw new DicomResultError('This is no cardiovascular analysis report (TID 3900) with a calcium scoring section.');
  }
  const codeBelow = (item: ReturnType<typeof findItem>, name: Code) =>
    codeOf(findItems(item, 'CODE', name)[0] ?? {}, 'ConceptCodeSequence');
  return {
    measurements: childrenOf(section).flatMap(item => {
      const name = nameOf(item);
      const measured = valueTypeOf(item) === 'NUM' ? valueOfNumberItem(item) : null;
      if (!name || !measured) return [];
      const method = codeBelow(item, CONCEPTS.measurementMethod);
      return [{ name, ...measured, method, site: codeBelow(item, CONCEPTS.findingSite) }];
    }),
    texts: childrenOf(section).flatMap(item => {
      const name = nameOf(item);
      const isText = valueTypeOf(item) === 'TEXT' && textOf(item, 'RelationshipType') === 'CONTAINS';
      return name && isText ? [{ name, text: textOf(item, 'TextValue') }] : [];
    }),
  };
}
