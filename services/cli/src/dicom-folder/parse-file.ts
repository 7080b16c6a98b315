import { inflateRawSync } from 'node:zlib';
import { parsingProblem, whyIncomplete } from '@voxelwise/dicom/whole-data-set';
import dicomParser, { type DataSet } from 'dicom-parser';
import { DEFLATED_LITTLE_ENDIAN, EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from './transfer-syntaxes.ts';

/** A DICOM file in memory. */
export interface ParsedFile {
  readonly dataSet: DataSet;
  readonly transferSyntaxUid: string;
}

/** A file that is DICOM, but damaged. What could be read before the damage is kept. */
export class DamagedFileError extends Error {
  readonly dataSet: DataSet | undefined;

  constructor(message: string, dataSet?: DataSet) {
    super(message);
    this.name = 'DamagedFileError';
    this.dataSet = dataSet;
  }
}

const PREAMBLE_BYTES = 128;
/** A deflated file that grows past this is not an image: CT slices take a few MiB. */
const MAXIMUM_INFLATED_MIB = 256;

/** Bytes that beginsLikeDicom needs. */
export const FIRST_BYTES = PREAMBLE_BYTES + 4;

/** Whether a file may be DICOM, from its first bytes: the DICM mark, or a first element of group 2 or 8. */
export function beginsLikeDicom(first: Buffer): boolean {
  return hasPreamble(first) || beginsWithElement(first);
}

/**
 * Parses a DICOM file with or without a preamble.
 * @returns null when it is not DICOM after all.
 * @throws DamagedFileError when it is DICOM but cannot be read to its end.
 */
export function parseFile(bytes: Buffer): ParsedFile | null {
  if (hasPreamble(bytes)) return parsePart10(bytes);
  if (!beginsWithElement(bytes)) return null;
  try {
    const isMetaGroup = bytes.readUInt16LE(0) === 2;
    const parsed = isMetaGroup ? parsePart10(withPreamble(bytes)) : parseBareDataSet(bytes);
    return parsed.dataSet.string('x00080016') && parsed.dataSet.string('x0020000e') ? parsed : null;
  } catch (error) {
    // Without the DICM mark only a class and a series say that this was DICOM.
    if (error instanceof DamagedFileError && error.dataSet?.elements.x00080016 && error.dataSet.elements.x0020000e) {
      throw error;
    }
    return null;
  }
}

function parsePart10(bytes: Buffer): ParsedFile {
  const meta = orDamaged(() => dicomParser.readPart10Header(bytes));
  const transferSyntaxUid = meta.string('x00020010') ?? '';
  if (transferSyntaxUid !== DEFLATED_LITTLE_ENDIAN) return { dataSet: parseDataSet(bytes), transferSyntaxUid };
  // Everything behind the meta group is deflated; inflated, it is a data set in explicit little endian.
  const inflated = inflate(bytes.subarray(endOfMetaGroup(bytes)));
  return { dataSet: parseDataSet(inflated, EXPLICIT_LITTLE_ENDIAN), transferSyntaxUid };
}

function inflate(bytes: Buffer): Buffer {
  try {
    return inflateRawSync(bytes, { maxOutputLength: MAXIMUM_INFLATED_MIB * 2 ** 20 });
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new DamagedFileError(
      isTooLarge ? `it inflates to more than ${MAXIMUM_INFLATED_MIB} MiB` : 'its deflated part cannot be inflated',
    );
  }
}

function parseBareDataSet(bytes: Buffer): ParsedFile {
  const transferSyntaxUid = hasExplicitVr(bytes) ? EXPLICIT_LITTLE_ENDIAN : IMPLICIT_LITTLE_ENDIAN;
  return { dataSet: parseDataSet(bytes, transferSyntaxUid), transferSyntaxUid };
}

function parseDataSet(bytes: Buffer, TransferSyntaxUID?: string): DataSet {
  const dataSet = orDamaged(() => dicomParser.parseDicom(bytes, TransferSyntaxUID ? { TransferSyntaxUID } : undefined));
  const problem = whyIncomplete(dataSet);
  if (problem) throw new DamagedFileError(problem, dataSet);
  return dataSet;
}

function endOfMetaGroup(bytes: Buffer): number {
  const groupLength = bytes.readUInt32LE(FIRST_BYTES) === 2 ? bytes.readUInt32LE(FIRST_BYTES + 8) : null; // (0002,0000)
  if (groupLength === null) throw new DamagedFileError('its meta group has no length');
  return FIRST_BYTES + 12 + groupLength;
}

/** dicom-parser also throws objects that hold the data set read so far. */
function orDamaged<T>(parse: () => T): T {
  try {
    return parse();
  } catch (thrown) {
    const { dataSet } = (typeof thrown === 'object' ? thrown : {}) as { dataSet?: DataSet };
    throw new DamagedFileError(parsingProblem(thrown), dataSet);
  }
}

function hasPreamble(bytes: Buffer): boolean {
  return bytes.length >= FIRST_BYTES && bytes.toString('latin1', PREAMBLE_BYTES, FIRST_BYTES) === 'DICM';
}

function withPreamble(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.alloc(PREAMBLE_BYTES), Buffer.from('DICM', 'latin1'), bytes]);
}

function beginsWithElement(bytes: Buffer): boolean {
  if (bytes.length < 8) return false;
  const group = bytes.readUInt16LE(0);
  const element = bytes.readUInt16LE(2);
  return (group === 2 && element <= 0x10 && hasExplicitVr(bytes)) || (group === 8 && element <= 0x70);
}

function hasExplicitVr(bytes: Buffer): boolean {
  return /^[A-Z]{2}$/.test(bytes.toString('latin1', 4, 6));
}
