import type { Dataset, DicomElement, DicomValue } from './dicom-json.ts';
import { element } from './dicom-json.ts';
import { EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN, type Part10Header } from './part10.ts';
import { type RawDataset, type RawElement, type RawValue, readDataset } from './read-dataset.ts';

const BINARY_VRS = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);
/** Binary values up to this many bytes travel inside the metadata. */
const INLINE_LIMIT_BYTES = 1024;
/** "US or SS" by the dictionary: implicit VR files do not say which, Pixel Representation does. */
const SIGNED_WITH_PIXELS = new Set(['00280106', '00280107', '00280108', '00280109', '00280120', '00280121']);

interface Context {
  /** Absolute URL of the instance's bulk data folder. */
  bulkDataUrl: string;
  implicit: boolean;
  signedPixels: boolean;
}

/**
 * The metadata of an instance as DICOM JSON (PS3.18 annex F).
 *
 * @param instanceUrl absolute URL of the instance, under which its bulk data is served.
 */
export function toMetadata(header: Part10Header, instanceUrl: string): Dataset {
  const context: Context = {
    bulkDataUrl: `${instanceUrl}/bulkdata`,
    implicit: header.transferSyntaxUid === IMPLICIT_LITTLE_ENDIAN,
    signedPixels: false,
  };
  const metadata = toDicomJson(readDataset(header), context, '');
  metadata['00083002'] = element('UI', header.transferSyntaxUid || EXPLICIT_LITTLE_ENDIAN);
  if (header.pixelData) {
    const { tag, vr } = header.pixelData;
    metadata[tag] = { vr, BulkDataURI: `${context.bulkDataUrl}/${tag}` };
  }
  return metadata;
}

/** Everything that fits in DICOM JSON without bulk data; used for the index. */
export function toIndexableDataset(header: Part10Header): Dataset {
  return toDicomJson(readDataset(header), { bulkDataUrl: '', implicit: false, signedPixels: false }, '');
}

/**
 * Bytes of one bulk data value other than pixel data.
 *
 * @param location tag, or tag/item/tag/... as written into the metadata by toMetadata.
 */
export function readBulkData(header: Part10Header, location: string[]): Buffer | undefined {
  let dataset: RawDataset | undefined = readDataset(header);
  for (let position = 0; position < location.length; position += 2) {
    const found: RawElement | undefined = dataset?.[(location[position] ?? '').toUpperCase()];
    if (position === location.length - 1) return found && BINARY_VRS.has(found.vr) ? bytesOf(found) : undefined;
    dataset = found?.Value?.[Number(location[position + 1])] as RawDataset | undefined;
  }
  return undefined;
}

function toDicomJson(raw: RawDataset, outer: Context, path: string): Dataset {
  const pixelRepresentation = raw['00280103']?.Value?.[0];
  const context = pixelRepresentation === undefined ? outer : { ...outer, signedPixels: pixelRepresentation === 1 };
  const result: Dataset = {};
  for (const [tag, source] of Object.entries(raw)) {
    // Group lengths describe an encoding that the reader of JSON never sees.
    if (!tag.endsWith('0000')) result[tag] = toElement(tag, source, context, path + tag);
  }
  return result;
}

function toElement(tag: string, source: RawElement, context: Context, path: string): DicomElement {
  const { vr } = source;
  if (BINARY_VRS.has(vr)) return binaryElement(vr, bytesOf(source), context, path);
  const values = source.Value ?? [];
  if (vr === 'SQ') {
    const items = values.filter(item => item !== null && typeof item === 'object') as RawDataset[];
    return items.length > 0
      ? { vr, Value: items.map((item, index) => toDicomJson(item, context, `${path}/${index}/`)) }
      : { vr };
  }
  if (vr === 'US' && context.implicit && context.signedPixels && SIGNED_WITH_PIXELS.has(tag)) {
    return element('SS', ...values.map(value => (Number(value) << 16) >> 16));
  }
  const converted = values.map(value => toValue(vr, value));
  return converted.some(value => value !== null) ? { vr, Value: converted } : { vr };
}

function binaryElement(vr: string, bytes: Buffer, context: Context, path: string): DicomElement {
  if (bytes.length === 0) return { vr };
  if (bytes.length <= INLINE_LIMIT_BYTES) return { vr, InlineBinary: bytes.toString('base64') };
  return { vr, BulkDataURI: `${context.bulkDataUrl}/${path}` };
}

function toValue(vr: string, value: RawValue): DicomValue {
  if (value === null || value === undefined || value === '') return null;
  if (vr === 'AT' && typeof value === 'number') return value.toString(16).padStart(8, '0').toUpperCase();
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === 'string') return value;
  if (vr === 'PN') return { ...(value as { Alphabetic?: string }) };
  return null;
}

function bytesOf(source: RawElement): Buffer {
  const parts: Buffer[] = [];
  for (const value of source.Value ?? []) {
    if (value instanceof ArrayBuffer) parts.push(Buffer.from(value));
    else if (ArrayBuffer.isView(value)) parts.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength));
  }
  return Buffer.concat(parts);
}
