import { type Code, codeOf, isSameCode } from './codes.ts';
import { childrenOf, findItem, findItems, nameOf, valueOfNumberItem, valueTypeOf } from './content-item.ts';
import { DicomResultError } from './data-set.ts';
import type {
  Evaluation,
  ReportText,
  StoredMeasurement,
  StoredMeasurementGroup,
  StoredMeasurementReport,
} from './measurement-report.ts';
import { itemOf, type NaturalDataSet, numberOf, textOf } from './natural.ts';
import { readPart10 } from './read-part10.ts';
import { CONCEPTS } from './report-concepts.ts';

/** Codes and texts of a group that are not evaluations, but say what the group is about. */
const ABOUT_THE_GROUP: readonly Code[] = [
  CONCEPTS.finding,
  CONCEPTS.findingSite,
  CONCEPTS.measurementMethod,
  CONCEPTS.trackingIdentifier,
  CONCEPTS.algorithmName,
  CONCEPTS.algorithmVersion,
  CONCEPTS.algorithmParameters,
  CONCEPTS.algorithmFamily,
];

/**
 * What a structured report is about: its template ("1500") and the procedure that it reports, also of reports that are damaged
 * or of another kind.
 * @throws DicomResultError where the file cannot be read at all
 */
export function reportSubject(file: Uint8Array): { readonly template: string; readonly procedure: Code | null } {
  return subjectOf(readPart10(file).dataSet);
}

function subjectOf(root: NaturalDataSet) {
  return {
    template: textOf(itemOf(root, 'ContentTemplateSequence'), 'TemplateIdentifier'),
    procedure: codeValueOf(findItem(root, 'CODE', CONCEPTS.procedureReported)),
  };
}

/**
 * Reads a structured report that follows TID 1500, ours or another product's. Doubles are exact where the file has them.
 * @throws DicomResultError where it is another kind of document, or contradicts itself
 */
export function readMeasurementReport(file: Uint8Array): StoredMeasurementReport {
  const { dataSet } = readPart10(file);
  const root: NaturalDataSet = dataSet;
  const { template, procedure } = subjectOf(root);
  if (valueTypeOf(root) !== 'CONTAINER' || template !== '1500') {
    throw new DicomResultError(
      `This is no measurement report (TID 1500), but ${template ? `TID ${template}` : `a ${textOf(root, 'Modality') || 'nameless'} object`}.`,
    );
  }
  if (childrenOf(root).length === 0) {
    throw new DicomResultError('The measurement report has no content; its file may have been cut off.');
  }
  const [measurements = {}, ...more] = findItems(root, 'CONTAINER', CONCEPTS.imagingMeasurements);
  if (more.length > 0) {
    throw new DicomResultError(
      `The measurement report has ${more.length + 1} lists of measurements; which of them counts cannot be known.`,
    );
  }
  return {
    sopInstanceUid: textOf(root, 'SOPInstanceUID'),
    seriesInstanceUid: textOf(root, 'SeriesInstanceUID'),
    seriesDescription: textOf(root, 'SeriesDescription'),
    title: nameOf(root),
    procedure,
    readerName: textOf(findItem(root, 'PNAME', CONCEPTS.personName), 'PersonName'),
    deviceName: textOf(findItem(root, 'TEXT', CONCEPTS.deviceName), 'TextValue'),
    isComplete: textOf(root, 'CompletionFlag') === 'COMPLETE',
    groups: findItems(measurements, 'CONTAINER', CONCEPTS.measurementGroup).map(groupOf),
  };
}

function groupOf(group: NaturalDataSet): StoredMeasurementGroup {
  const children = childrenOf(group);
  const isEvaluation = (item: NaturalDataSet) => !ABOUT_THE_GROUP.some(name => isSameCode(name, nameOf(item)));
  const ofType = (valueType: string) => children.filter(child => valueTypeOf(child) === valueType);
  return {
    tracking: {
      id: textOf(findItem(group, 'TEXT', CONCEPTS.trackingIdentifier), 'TextValue'),
      uid: textOf(findItem(group, 'UIDREF', CONCEPTS.trackingUid), 'UID'),
    },
    finding: codeValueOf(findItem(group, 'CODE', CONCEPTS.finding)),
    findingSites: findItems(group, 'CODE', CONCEPTS.findingSite).flatMap(site => codeValueOf(site) ?? []),
    segment: segmentOf(findItem(group, 'IMAGE', CONCEPTS.referencedSegment)),
    sourceSeriesUid: textOf(findItem(group, 'UIDREF', CONCEPTS.sourceSeries), 'UID'),
    algorithm: algorithmOf(group),
    measurements: ofType('NUM').flatMap(measurementOf),
    evaluations: ofType('CODE').filter(isEvaluation).flatMap(evaluationOf),
    texts: ofType('TEXT').filter(isEvaluation).flatMap(reportTextOf),
  };
}

function segmentOf(item: NaturalDataSet): StoredMeasurementGroup['segment'] {
  const reference = itemOf(item, 'ReferencedSOPSequence');
  const sopInstanceUid = textOf(reference, 'ReferencedSOPInstanceUID');
  return sopInstanceUid ? { sopInstanceUid, number: numberOf(reference, 'ReferencedSegmentNumber') } : null;
}

function measurementOf(item: NaturalDataSet): StoredMeasurement[] {
  const name = nameOf(item);
  const measured = valueOfNumberItem(item);
  if (!name || !measured) return [];
  const method = codeValueOf(findItem(item, 'CODE', CONCEPTS.measurementMethod));
  const derivation = codeValueOf(findItem(item, 'CODE', CONCEPTS.derivation));
  return [{ name, value: measured.value, unit: measured.unit, method, derivation }];
}

function evaluationOf(item: NaturalDataSet): Evaluation[] {
  const [name, value] = [nameOf(item), codeValueOf(item)];
  return name && value ? [{ name, value }] : [];
}

function reportTextOf(item: NaturalDataSet): ReportText[] {
  const name = nameOf(item);
  return name ? [{ name, text: textOf(item, 'TextValue') }] : [];
}

function algorithmOf(group: NaturalDataSet): StoredMeasurementGroup['algorithm'] {
  const text = (name: Code) => textOf(findItem(group, 'TEXT', name), 'TextValue');
  const name = text(CONCEPTS.algorithmName);
  if (!name) return null;
  const parameters = text(CONCEPTS.algorithmParameters);
  return {
    name,
    version: text(CONCEPTS.algorithmVersion),
    family: codeValueOf(findItem(group, 'CODE', CONCEPTS.algorithmFamily)),
    ...(parameters && { parameters }),
  };
}

function codeValueOf(item: NaturalDataSet): Code | null {
  return codeOf(item, 'ConceptCodeSequence');
}
