import { ArchiveError, type DicomWebTarget, type ExchangeOptions, exchange } from './dicom-web.ts';
import { decodeMultipart } from './multipart.ts';
import { refusalOf } from './refusal.ts';

/** Where an object is in an archive. */
export interface InstanceReference {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly sopInstanceUid: string;
}

/**
 * Fetches one object by WADO-RS as a DICOM Part 10 file, in the transfer syntax it is stored in.
 * @throws ArchiveError
 */
export async function retrieveInstance(
  target: DicomWebTarget,
  { studyInstanceUid, seriesInstanceUid, sopInstanceUid }: InstanceReference,
  options: ExchangeOptions = {},
): Promise<Uint8Array> {
  const path = `studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}`;
  const headers = { Accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' };
  const answer = await exchange(target, `${target.url}/${path}`, { headers }, options);
  if (answer.status !== 200) throw refusalOf(target, answer);
  const contentType = answer.headers.get('content-type') ?? '';
  const files = /^application\/dicom\s*(;|$)/i.test(contentType)
    ? [answer.bytes]
    : decodeMultipart(answer.bytes, contentType);
  const [file] = files ?? [];
  if (!file || files?.length !== 1 || new TextDecoder('latin1').decode(file.subarray(128, 132)) !== 'DICM') {
    throw new ArchiveError(
      `The archive at ${target.url} did not answer with one DICOM file when asked for object ${sopInstanceUid}. Its log says why.`,
      answer.status,
    );
  }
  return file;
}
