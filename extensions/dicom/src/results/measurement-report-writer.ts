import type { Code } from './codes.ts';
import { codeContentItem, containerItem, imageItem, numberItem, textItem, uidItem } from './content-item.ts';
import { type DataSet, DicomResultError } from './data-set.ts';
import type { DicomObject } from './dicom-object.ts';
import { COMPREHENSIVE_3D_SR, type Measurement, type MeasurementGroup } from './measurement-report.ts';
import { CONCEPTS } from './report-concepts.ts';
import { imageLibrary, type ReportOptions, reportContext, reportDocument } from './report-document.ts';
import type { Algorithm } from './segmentation.ts';
import type { DerivedSource } from './source.ts';

/**
 * Writes results as a Comprehensive 3D SR that follows TID 1500 "Measurement Report": one TID 1411 group per segment, TID 1501 for
 * groups without one.
 * @throws DicomResultError when a value cannot be written
 */
export function writeMeasurementReport(
  source: DerivedSource,
  groups: readonly MeasurementGroup[],
  options: ReportOptions & { readonly title?: Code },
): DicomObject {
  if (groups.length === 0) throw new DicomResultError('A report needs at least one group of measurements.');
  const [slice] = source.slices;
  const root = containerItem(
    null,
    options.title ?? CONCEPTS.imagingMeasurementReport,
    [
      ...reportContext(options),
      imageLibrary(source),
      containerItem(
        'CONTAINS',
        CONCEPTS.imagingMeasurements,
        groups.map(group => groupItem(group, slice!.seriesInstanceUid)),
      ),
    ],
    '1500',
  );
  const segmentations = groups.flatMap(({ segment }) => (segment ? [segment.segmentation] : []));
  return reportDocument(source, root, segmentations, { ...options, sopClassUid: COMPREHENSIVE_3D_SR });
}

function groupItem(group: MeasurementGroup, sourceSeriesUid: string): DataSet {
  const {
    tracking,
    finding,
    findingSites = [],
    segment,
    algorithm,
    measurements,
    evaluations = [],
    texts = [],
  } = group;
  const children = [
    textItem('HAS OBS CONTEXT', CONCEPTS.trackingIdentifier, tracking.id),
    uidItem('HAS OBS CONTEXT', CONCEPTS.trackingUid, tracking.uid),
    ...(finding ? [codeContentItem('CONTAINS', CONCEPTS.finding, finding)] : []),
    ...(segment
      ? [
          imageItem('CONTAINS', CONCEPTS.referencedSegment, segment.segmentation, segment.number),
          uidItem('CONTAINS', CONCEPTS.sourceSeries, sourceSeriesUid),
        ]
      : []),
    ...findingSites.map(site => codeContentItem('HAS CONCEPT MOD', CONCEPTS.findingSite, site)),
    ...(algorithm ? algorithmItems(algorithm) : []),
    ...measurements.map(measurement => measurementItem(measurement)),
    ...evaluations.map(({ name, value }) => codeContentItem('CONTAINS', name, value)),
    ...texts.map(({ name, text }) => textItem('CONTAINS', name, text)),
  ];
  return containerItem('CONTAINS', CONCEPTS.measurementGroup, children, segment ? '1411' : '1501');
}

/** TID 300, with its method and, outside of a group, the site that it belongs to. */
export function measurementItem({ name, value, unit, method, derivation }: Measurement, site?: Code): DataSet {
  return numberItem('CONTAINS', name, value, unit, [
    ...(method ? [codeContentItem('HAS CONCEPT MOD', CONCEPTS.measurementMethod, method)] : []),
    ...(derivation ? [codeContentItem('HAS CONCEPT MOD', CONCEPTS.derivation, derivation)] : []),
    ...(site ? [codeContentItem('HAS CONCEPT MOD', CONCEPTS.findingSite, site)] : []),
  ]);
}

/** TID 4019. */
export function algorithmItems({ name, version, parameters, family }: Algorithm): DataSet[] {
  const relationship = 'HAS CONCEPT MOD';
  return [
    textItem(relationship, CONCEPTS.algorithmName, name),
    textItem(relationship, CONCEPTS.algorithmVersion, version),
    ...(parameters ? [textItem(relationship, CONCEPTS.algorithmParameters, parameters)] : []),
    codeContentItem(relationship, CONCEPTS.algorithmFamily, family),
  ];
}
