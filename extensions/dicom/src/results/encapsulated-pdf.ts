import { type Code, codeItem, codeOf } from './codes.ts';
import { DicomResultError } from './data-set.ts';
import { type DerivedObjectOptions, derivedObject } from './derived-object.ts';
import { type DicomObject, toDicomObject } from './dicom-object.ts';
import { bytesOf, itemsOf, numberOf, textOf } from './natural.ts';
import { readPart10 } from './read-part10.ts';
import { distinctInstances, instanceItem } from './references.ts';
import type { DerivedSource } from './source.ts';

export const ENCAPSULATED_PDF_STORAGE = '1.2.840.10008.5.1.4.1.1.104.1';
const PDF_TYPE = 'application/pdf';

export interface EncapsulatedPdfOptions extends Omit<DerivedObjectOptions, 'sopClassUid' | 'modality'> {
  readonly title: string;
  /** What kind of document it is (CID 7020). */
  readonly concept?: Code;
  /** Whether patient and study date can be read in the document. */
  readonly identifiesPatient: boolean;
}

/** A document as it is read back. */
export interface StoredPdf {
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly seriesDescription: string;
  /** The document alone, without the byte that makes its length even. */
  readonly pdf: Uint8Array;
  readonly title: string;
  readonly concept: Code | null;
  readonly sourceSopInstanceUids: readonly string[];
}

/**
 * Writes a PDF as an Encapsulated PDF of the source's study (PS3.3 A.45.1), naming the images that it was made from.
 * @throws DicomResultError when the bytes are no PDF.
 */
export function writeEncapsulatedPdf(
  source: DerivedSource,
  pdf: Uint8Array,
  options: EncapsulatedPdfOptions,
): DicomObject {
  if (new TextDecoder('latin1').decode(pdf.subarray(0, 5)) !== '%PDF-') {
    throw new DicomResultError('The report is no PDF: it does not begin with %PDF-. Nothing was written.');
  }
  return toDicomObject({
    ...derivedObject(source, { ...options, sopClassUid: ENCAPSULATED_PDF_STORAGE, modality: 'DOC' }),
    ConversionType: 'WSD',
    AcquisitionDateTime: '',
    BurnedInAnnotation: options.identifiesPatient ? 'YES' : 'NO',
    DocumentTitle: options.title,
    ConceptNameCodeSequence: options.concept ? [codeItem(options.concept)] : [],
    SourceInstanceSequence: distinctInstances(source.slices).map(instanceItem),
    MIMETypeOfEncapsulatedDocument: PDF_TYPE,
    EncapsulatedDocument: pdf,
    EncapsulatedDocumentLength: pdf.length,
  });
}

/**
 * Reads an Encapsulated PDF, exact to the byte.
 * @throws DicomResultError when it is another object or holds another kind of document.
 */
export function readEncapsulatedPdf(file: Uint8Array): StoredPdf {
  const { dataSet } = readPart10(file);
  const type = textOf(dataSet, 'MIMETypeOfEncapsulatedDocument');
  const value = bytesOf(dataSet, 'EncapsulatedDocument');
  if (textOf(dataSet, 'SOPClassUID') !== ENCAPSULATED_PDF_STORAGE || type !== PDF_TYPE || !value) {
    throw new DicomResultError('This object is no encapsulated PDF.');
  }
  const length = numberOf(dataSet, 'EncapsulatedDocumentLength');
  if (length > value.length) {
    throw new DicomResultError(`The document in this object is cut off: ${value.length} of ${length} bytes are there.`);
  }
  return {
    sopInstanceUid: textOf(dataSet, 'SOPInstanceUID'),
    seriesInstanceUid: textOf(dataSet, 'SeriesInstanceUID'),
    seriesDescription: textOf(dataSet, 'SeriesDescription'),
    pdf: value.subarray(0, Number.isNaN(length) ? lengthWithoutPadding(value) : length),
    title: textOf(dataSet, 'DocumentTitle'),
    concept: codeOf(dataSet, 'ConceptNameCodeSequence'),
    sourceSopInstanceUids: itemsOf(dataSet, 'SourceInstanceSequence').map(item =>
      textOf(item, 'ReferencedSOPInstanceUID'),
    ),
  };
}

/** Older objects do not tell the length. No PDF ends with a zero, so one at the end is padding. */
function lengthWithoutPadding(value: Uint8Array): number {
  return value.at(-1) === 0 ? value.length - 1 : value.length;
}
