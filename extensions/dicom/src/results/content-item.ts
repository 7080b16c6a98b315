import { type Code, codeItem, codeOf, isSameCode } from './codes.ts';
import { type DataSet, DicomResultError } from './data-set.ts';
import { decimalString } from './decimal-string.ts';
import { itemsOf, type NaturalDataSet, numberOf, textOf } from './natural.ts';
import { instanceItem } from './references.ts';

// Items of a structured report's tree (PS3.3 C.17.3 and C.18): building them, and finding them again.

/** How an item belongs to the one above it; the root has none. */
export type Relationship = 'CONTAINS' | 'HAS CONCEPT MOD' | 'HAS OBS CONTEXT' | 'HAS ACQ CONTEXT' | 'HAS PROPERTIES';

const item = (relationship: Relationship | null, valueType: string, name: Code | null, content: DataSet): DataSet => ({
  ...(relationship && { RelationshipType: relationship }),
  ValueType: valueType,
  ...(name && { ConceptNameCodeSequence: [codeItem(name)] }),
  ...content,
});

const below = (children: readonly DataSet[]): DataSet => (children.length > 0 ? { ContentSequence: children } : {});

/** A node; with the number of the template that it follows ("1500"), where it is the first item of one. */
export function containerItem(
  relationship: Relationship | null,
  name: Code,
  children: readonly DataSet[],
  template?: string,
): DataSet {
  return item(relationship, 'CONTAINER', name, {
    ContinuityOfContent: 'SEPARATE',
    ...(template && { ContentTemplateSequence: [{ MappingResource: 'DCMR', TemplateIdentifier: template }] }),
    ...below(children),
  });
}

export function codeContentItem(
  relationship: Relationship,
  name: Code,
  value: Code,
  children: readonly DataSet[] = [],
): DataSet {
  return item(relationship, 'CODE', name, { ConceptCodeSequence: [codeItem(value)], ...below(children) });
}

export function textItem(relationship: Relationship, name: Code, text: string): DataSet {
  return item(relationship, 'TEXT', name, { TextValue: text });
}

export function uidItem(relationship: Relationship, name: Code, uid: string): DataSet {
  return item(relationship, 'UIDREF', name, { UID: uid });
}

export function personItem(relationship: Relationship, name: Code, person: string): DataSet {
  return item(relationship, 'PNAME', name, { PersonName: person });
}

/** A reference to an image, or to one segment of a segmentation. */
export function imageItem(
  relationship: Relationship,
  name: Code | null,
  instance: { readonly sopClassUid: string; readonly sopInstanceUid: string },
  segmentNumber?: number,
): DataSet {
  return item(relationship, 'IMAGE', name, {
    ReferencedSOPSequence: [
      { ...instanceItem(instance), ...(segmentNumber !== undefined && { ReferencedSegmentNumber: segmentNumber }) },
    ],
  });
}

/**
 * A number with its unit. The decimal string holds 16 characters, so the value is there as a double as well.
 * @throws DicomResultError where the value is no finite number
 */
export function numberItem(
  relationship: Relationship,
  name: Code,
  value: number,
  unit: Code,
  children: readonly DataSet[] = [],
): DataSet {
  const measured = {
    NumericValue: decimalString(value),
    FloatingPointValue: value,
    MeasurementUnitsCodeSequence: [codeItem(unit)],
  };
  return item(relationship, 'NUM', name, { MeasuredValueSequence: [measured], ...below(children) });
}

/** Relative difference between a decimal string and the double beside it that rounding explains. */
const ROUNDING = 1e-8;

/**
 * Value and unit of a NUM item; null where it says that there is none.
 * @throws DicomResultError where it has several values, text and double contradict each other, or it is infinite
 */
export function valueOfNumberItem(numberItem: NaturalDataSet): { value: number; unit: Code | null } | null {
  const name = nameOf(numberItem)?.meaning ?? 'A number';
  const [measured = {}, ...more] = itemsOf(numberItem, 'MeasuredValueSequence');
  if (more.length > 0) {
    throw new DicomResultError(
      `${name} in the report has ${more.length + 1} values; which of them is meant cannot be known.`,
    );
  }
  const decimal = numberOf(measured, 'NumericValue');
  const double = numberOf(measured, 'FloatingPointValue');
  if (Number.isNaN(decimal) && Number.isNaN(double)) return null;
  const value = Number.isNaN(double) ? decimal : double;
  if (!Number.isFinite(value))
    throw new DicomResultError(`${name} in the report is ${value}, which is no measurement.`);
  if (Math.abs(decimal - value) > Math.abs(value) * ROUNDING) {
    throw new DicomResultError(
      `${name} in the report is ${decimal} as text and ${double} as a number; one of them is wrong.`,
    );
  }
  return { value, unit: codeOf(measured, 'MeasurementUnitsCodeSequence') };
}

export function childrenOf(parent: NaturalDataSet): NaturalDataSet[] {
  return itemsOf(parent, 'ContentSequence');
}

export function nameOf(contentItem: NaturalDataSet): Code | null {
  return codeOf(contentItem, 'ConceptNameCodeSequence');
}

export function valueTypeOf(contentItem: NaturalDataSet): string {
  return textOf(contentItem, 'ValueType');
}

/** Items directly below the parent with this value type and name. */
export function findItems(parent: NaturalDataSet, valueType: string, name: Code): NaturalDataSet[] {
  return childrenOf(parent).filter(child => valueTypeOf(child) === valueType && isSameCode(nameOf(child), name));
}

/** The first of them; an empty data set where there is none. */
export function findItem(parent: NaturalDataSet, valueType: string, name: Code): NaturalDataSet {
  return findItems(parent, valueType, name)[0] ?? {};
}
