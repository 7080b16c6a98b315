import dcmjs from 'dcmjs';
import { errorMessage } from '../user-error.ts';
import { MalformedDicomError, type Part10Header } from './part10.ts';

/** What dcmjs hands over: DICOM JSON, except that binary values are array buffers and numbers may be bigints. */
export interface RawElement {
  vr: string;
  Value?: RawValue[];
}
export type RawValue = string | number | bigint | null | ArrayBuffer | ArrayBufferView | RawDataset | object;
export interface RawDataset {
  [tag: string]: RawElement;
}

interface DcmjsReader {
  data: {
    DicomMessage: {
      readFile(buffer: ArrayBuffer, options: { ignoreErrors: boolean; untilTag: string }): { dict: RawDataset };
    };
  };
  log: { setLevel(level: string): void };
}

const { data, log } = dcmjs as unknown as DcmjsReader;
// dcmjs warns on the console about every odd value of every file. What matters here is thrown.
log.setLevel('silent');

/** Decodes a header, text to Unicode according to its Specific Character Set. Pixel data is not part of the result. */
export function readDataset(header: Part10Header): RawDataset {
  const { bytes } = header;
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  const untilTag = header.pixelData?.tag ?? '7FE00010';
  try {
    const { dict } = data.DicomMessage.readFile(buffer, { ignoreErrors: true, untilTag });
    delete dict[untilTag];
    return dict;
  } catch (error) {
    throw new MalformedDicomError(`the file cannot be decoded: ${errorMessage(error)}`);
  }
}
