import type { Code } from './codes.ts';
import { codeOf } from './codes.ts';
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
import type { DicomObject } from './dicom-object.ts';
import type { Measurement, ReportText, StoredMeasurement } from './measurement-report.ts';
import { algorithmItems, measurementItem } from './measurement-report-writer.ts';
import { itemOf, type NaturalDataSet, textOf } from './natural.ts';
import { readPart10 } from './read-part10.ts';
import { CONCEPTS } from './report-concepts.ts';
import { imageLibrary, type ReportOptions, reportContext, reportDocument } from './report-document.ts';
import type { Algorithm } from './segmentation.ts';
import type { DerivedSource } from './source.ts';

/** A container of a report, with the number of the template that it follows ("3905"). */
export interface ReportPart {
  readonly name: Code;
  readonly template: string;
}

/** What a section says. */
export interface SectionContent {
  readonly algorithm: Algorithm;
  /** Each with the site it belongs to; without one it belongs to all together. */
  readonly measurements: readonly (Measurement & { readonly site?: Code })[];
  readonly texts: readonly ReportText[];
}

/** A section as it is read back. */
export interface StoredSection {
  readonly measurements: readonly (StoredMeasurement & { readonly site: Code | null })[];
  readonly texts: readonly ReportText[];
}

export const COMPREHENSIVE_SR = '1.2.840.10008.5.1.4.1.1.88.33';

/**
 * Writes a Comprehensive SR with one section of measurements.
 * @param document the report as a whole: its title and template
 * @throws DicomResultError when a value cannot be written
 */
export function writeSectionReport(
  source: DerivedSource,
  document: ReportPart,
  section: ReportPart & SectionContent,
  options: ReportOptions,
): DicomObject {
  const content = [
    ...algorithmItems(section.algorithm),
    ...section.measurements.map(measurement => measurementItem(measurement, measurement.site)),
    ...section.texts.map(({ name, text }) => textItem('CONTAINS', name, text)),
  ];
  const container = containerItem('CONTAINS', section.name, content, section.template);
  const children = [...reportContext(options), imageLibrary(source), container];
  const root = containerItem(null, document.name, children, document.template);
  return reportDocument(source, root, [], { ...options, sopClassUid: COMPREHENSIVE_SR });
}

/**
 * Reads a section of a report; null where the document has another template or lacks the section.
 * @throws DicomResultError where it cannot be read, or contradicts itself
 */
export function readSection(file: Uint8Array, document: ReportPart, section: ReportPart): StoredSection | null {
  const { dataSet } = readPart10(file);
  const template = textOf(itemOf(dataSet, 'ContentTemplateSequence'), 'TemplateIdentifier');
  const container = findItem(dataSet, 'CONTAINER', section.name);
  if (template !== document.template || valueTypeOf(container) !== 'CONTAINER') return null;
  const codeBelow = (item: NaturalDataSet, name: Code) =>
    codeOf(findItems(item, 'CODE', name)[0] ?? {}, 'ConceptCodeSequence');
  return {
    measurements: childrenOf(container).flatMap(item => {
      const name = nameOf(item);
      const measured = valueTypeOf(item) === 'NUM' ? valueOfNumberItem(item) : null;
      if (!name || !measured) return [];
      const method = codeBelow(item, CONCEPTS.measurementMethod);
      const derivation = codeBelow(item, CONCEPTS.derivation);
      return [{ name, ...measured, method, derivation, site: codeBelow(item, CONCEPTS.findingSite) }];
    }),
    texts: childrenOf(container).flatMap(item => {
      const name = nameOf(item);
      const isText = valueTypeOf(item) === 'TEXT' && textOf(item, 'RelationshipType') === 'CONTAINS';
      return name && isText ? [{ name, text: textOf(item, 'TextValue') }] : [];
    }),
  };
}
