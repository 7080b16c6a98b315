import { deflateRawSync } from 'node:zlib';
import {
  DEFLATED_LITTLE_ENDIAN,
  EXPLICIT_BIG_ENDIAN,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
} from '../dicom-folder/transfer-syntaxes.ts';

/** One attribute: text for string VRs, a number for US, SS and UL, bytes (in the file's order) for the rest. */
export type Attribute = readonly [vr: string, value: string | number | Buffer | readonly Buffer[]];
/** Attributes by tag, eight hexadecimal digits: '00280010'. */
export type Attributes = Readonly<Record<string, Attribute>>;

const LONG_LENGTH_VRS = ['OB', 'OF', 'OW', 'SQ', 'UN', 'UT'];

/**
 * Writes a DICOM file, as a second implementation of the format: what the reader reads is not what it wrote itself.
 * A list of buffers becomes encapsulated fragments behind an empty offset table.
 */
export function writeDicom(attributes: Attributes, transferSyntaxUid = EXPLICIT_LITTLE_ENDIAN): Buffer {
  const encoding = { isExplicit: true, isBigEndian: false };
  const text = (tag: string) => String(attributes[tag]?.[1] ?? '');
  const meta = writeAttributes(
    {
      '00020001': ['OB', Buffer.from([0, 1])],
      '00020002': ['UI', text('00080016')],
      '00020003': ['UI', text('00080018')],
      '00020010': ['UI', transferSyntaxUid],
      '00020012': ['UI', '2.25.1'],
    },
    encoding,
  );
  const groupLength = writeAttributes({ '00020000': ['UL', meta.length] }, encoding);
  const body = writeDataSet(attributes, transferSyntaxUid);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), groupLength, meta, body]);
}

/** Writes a data set alone, without preamble and meta group. */
export function writeDataSet(attributes: Attributes, transferSyntaxUid = EXPLICIT_LITTLE_ENDIAN): Buffer {
  const isExplicit = transferSyntaxUid !== IMPLICIT_LITTLE_ENDIAN;
  const body = writeAttributes(attributes, { isExplicit, isBigEndian: transferSyntaxUid === EXPLICIT_BIG_ENDIAN });
  return transferSyntaxUid === DEFLATED_LITTLE_ENDIAN ? deflateRawSync(body) : body;
}

interface Encoding {
  readonly isExplicit: boolean;
  readonly isBigEndian: boolean;
}

function writeAttributes(attributes: Attributes, encoding: Encoding): Buffer {
  const tags = Object.keys(attributes).sort();
  return Buffer.concat(tags.map(tag => writeAttribute(tag, attributes[tag]!, encoding)));
}

function writeAttribute(tag: string, [vr, value]: Attribute, encoding: Encoding): Buffer {
  const { isExplicit } = encoding;
  const isEncapsulated = Array.isArray(value);
  const bytes = isEncapsulated ? encapsulate(value) : valueBytes(vr, value as string | number | Buffer, encoding);
  const length = isEncapsulated ? 0xffffffff : bytes.length;
  const head = [
    uint(Number.parseInt(tag.slice(0, 4), 16), 2, encoding),
    uint(Number.parseInt(tag.slice(4), 16), 2, encoding),
  ];
  if (!isExplicit) return Buffer.concat([...head, uint(length, 4, encoding), bytes]);
  const isLong = LONG_LENGTH_VRS.includes(vr);
  const size = isLong ? [Buffer.alloc(2), uint(length, 4, encoding)] : [uint(length, 2, encoding)];
  return Buffer.concat([...head, Buffer.from(vr), ...size, bytes]);
}

function valueBytes(vr: string, value: string | number | Buffer, encoding: Encoding): Buffer {
  if (Buffer.isBuffer(value)) return value.length % 2 ? Buffer.concat([value, Buffer.alloc(1)]) : value;
  if (typeof value === 'number') return uint(value, vr === 'UL' ? 4 : 2, encoding);
  return Buffer.from(value.length % 2 ? value + (vr === 'UI' ? '\0' : ' ') : value, 'latin1');
}

function encapsulate(fragments: readonly Buffer[]): Buffer {
  const item = (element: number, length: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt16LE(0xfffe, 0);
    bytes.writeUInt16LE(element, 2);
    bytes.writeUInt32LE(length, 4);
    return bytes;
  };
  return Buffer.concat([
    item(0xe000, 0),
    ...fragments.flatMap(fragment => [item(0xe000, fragment.length), fragment]),
    item(0xe0dd, 0),
  ]);
}

function uint(value: number, bytes: number, { isBigEndian }: Encoding): Buffer {
  const buffer = Buffer.alloc(bytes);
  const unsigned = value < 0 ? value + 2 ** (8 * bytes) : value;
  if (isBigEndian) buffer.writeUIntBE(unsigned, 0, bytes);
  else buffer.writeUIntLE(unsigned, 0, bytes);
  return buffer;
}
