import {
  type DerivedSource,
  DicomResultError,
  isSameCode,
  readMeasurementReport,
  reportSubject,
  type StoredMeasurementGroup,
} from '@voxelwise/dicom';
import { CODES, QUANTITIES } from './perfusion-codes.ts';
import { type PlainRecord, recordFromText, sliceName } from './plain-result.ts';

/** What a stored report of perfusion says. */
export interface StoredPerfusionReport extends PlainRecord {
  readonly sopInstanceUid: string;
  /** '' where nobody is named. */
  readonly readerName: string;
}

/**
 * Whether a structured report is a measurement report of brain perfusion, whole or damaged.
 * @throws DicomResultError where the file cannot be read at all
 */
export function isPerfusionReport(file: Uint8Array): boolean {
  const { template, procedure } = reportSubject(file);
  const isOurs = [CODES.ctProcedure, CODES.mrProcedure].some(code => isSameCode(procedure, code));
  return template === '1500' && isOurs;
}

/**
 * Reads a report that perfusionResultObjects wrote: every setting and every number exactly.
 * @throws DicomResultError where it is another document, or contradicts itself
 */
export function readPerfusionReport(file: Uint8Array): StoredPerfusionReport {
  const { groups, sopInstanceUid, readerName } = readMeasurementReport(file);
  const texts = groups.flatMap(group => group.texts.filter(({ name }) => isSameCode(name, CODES.resultJson)));
  const [text, ...more] = texts;
  if (!text || more.length > 0) throw notOurs(text ? 'it has several results' : 'its record is missing');
  const record = readRecord(text.text);
  assertSameVolumes(groups, record);
  return { ...record, sopInstanceUid, readerName };
}

/** Whether a report is of one of these slices, and so of their series. */
export function isReportOf({ slices }: StoredPerfusionReport, source: DerivedSource): boolean {
  const names = new Set(source.slices.map(sliceName));
  return slices.some(name => names.has(name));
}

function readRecord(text: string): PlainRecord {
  try {
    return recordFromText(text);
  } catch (error) {
    throw notOurs(error instanceof Error ? error.message : String(error));
  }
}

/** The report says its volumes twice, for everybody and for this viewer. Whoever edits it may forget one of them. */
function assertSameVolumes(groups: readonly StoredMeasurementGroup[], { result: { stroke } }: PlainRecord): void {
  const volumeOf = (finding: typeof CODES.core | typeof CODES.hypoperfusion | typeof CODES.mismatch) => {
    const [group, other] = groups.filter(one => isSameCode(one.finding, finding));
    if (other) throw notOurs(`it has several groups for ${finding.meaning}`);
    return group?.measurements.find(({ name }) => isSameCode(name, QUANTITIES.volume.name))?.value ?? null;
  };
  const stated = [CODES.core, CODES.hypoperfusion, CODES.mismatch].map(volumeOf);
  const meant = stroke ? [stroke.coreMl, stroke.hypoperfusedMl, stroke.mismatchMl] : [null, null, null];
  const differing = stated.findIndex((value, index) => value !== meant[index]);
  if (differing < 0) return;
  const name = ['core', 'hypoperfusion', 'mismatch'][differing];
  throw new DicomResultError(
    `The perfusion report contradicts itself: its volume of ${name} is ${inMl(stated[differing]!)}, and its record says ${inMl(meant[differing]!)}. Somebody has changed it.`,
  );
}

function inMl(value: number | null): string {
  return value === null ? 'missing' : `${value} mL`;
}

function notOurs(reason: string): DicomResultError {
  return new DicomResultError(`This is no perfusion report that can be read back: ${reason}.`);
}
