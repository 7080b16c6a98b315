import { createReadStream } from 'node:fs';
import type { Request, RequestHandler, Response } from 'express';
import { HttpProblem } from '../problem.ts';
import { acceptedTypes, accepts, wantsSinglePart } from './accept.ts';
import type { Archive, InstanceLocation } from './archive.ts';
import { type FrameTable, locateFrames, readFrame } from './frames.ts';
import { readBulkData, toMetadata } from './metadata.ts';
import { type ResponsePart, readFileRanges, sendMultipart, sendStream } from './multipart.ts';
import { readPart10Header } from './part10.ts';
import { serviceUrlOf } from './service-url.ts';

/** Metadata of a study, series or instance, written one instance at a time. */
export function metadataHandler(archive: Archive): RequestHandler {
  return async (request, response) => {
    if (!accepts(request, 'application/dicom+json', 'application/json')) {
      throw new HttpProblem(406, 'Metadata is served as application/dicom+json only.');
    }
    const found = locateAll(archive, request);
    response.type('application/dicom+json');
    await sendStream(response, writeMetadata(found, serviceUrlOf(request)));
  };
}

async function* writeMetadata(found: InstanceLocation[], serviceUrl: string): AsyncGenerator<Uint8Array> {
  let separator = '[';
  for (const location of found) {
    const header = await readPart10Header(location.instance.path);
    const metadata = toMetadata(header, instanceUrl(serviceUrl, location));
    yield Buffer.from(separator + JSON.stringify(metadata));
    separator = ',\n';
  }
  yield Buffer.from(']');
}

/** Whole DICOM files, exactly as they are stored. */
export function retrieveHandler(archive: Archive): RequestHandler {
  return async (request, response) => {
    const found = locateAll(archive, request);
    if (!accepts(request, 'multipart/related', 'application/dicom')) {
      throw new HttpProblem(406, 'Objects are served as application/dicom only, in their own transfer syntax.');
    }
    const [only] = found;
    if (only && found.length === 1 && wantsSinglePart(request)) {
      response.type('application/dicom');
      await sendStream(response, createReadStream(only.instance.path));
      return;
    }
    const parts = found.map(({ instance }): ResponsePart => {
      const transferSyntax = instance.transferSyntaxUid ? `; transfer-syntax=${instance.transferSyntaxUid}` : '';
      return { contentType: `application/dicom${transferSyntax}`, content: () => createReadStream(instance.path) };
    });
    await sendMultipart(response, 'application/dicom', parts);
  };
}

/** Frames (1-based list) as they are stored: native, or compressed in the object's own transfer syntax. */
export function framesHandler(archive: Archive): RequestHandler {
  return async (request, response) => {
    const [location] = locateAll(archive, request);
    const table = location && (await locateFrames(location.instance.path));
    if (!location || !table) throw new HttpProblem(404, 'The object has no pixel data.');
    const numbers = String(request.params.frames).split(',').map(Number);
    if (numbers.some(number => !Number.isInteger(number) || number < 1)) {
      throw new HttpProblem(400, 'Frames are asked for by number, starting at 1: /frames/1 or /frames/1,2,3.');
    }
    if (numbers.some(number => number > table.frameCount)) {
      throw new HttpProblem(404, `The object has ${table.frameCount} frame(s).`);
    }
    await sendFrames(request, response, location, table, numbers);
  };
}

async function sendFrames(
  request: Request,
  response: Response,
  location: InstanceLocation,
  table: FrameTable,
  numbers: number[],
): Promise<void> {
  const { path } = location.instance;
  if (numbers.some(number => table.bitsPerFrame === undefined && !table.rangesOf(number - 1))) {
    throw new HttpProblem(406, 'The frames of this object cannot be told apart; ask for its bulk data as a whole.');
  }
  const contentType = `application/octet-stream; transfer-syntax=${table.transferSyntaxUid}`;
  const content = async (number: number): Promise<Uint8Array> => {
    const frame = await readFrame(path, table, number - 1);
    if (!frame) throw new Error('a frame that was located is gone');
    return frame;
  };
  const [only] = numbers;
  if (only !== undefined && numbers.length === 1 && wantsSinglePart(request)) {
    response.set('Content-Type', contentType).send(await content(only));
    return;
  }
  const base = `${instanceUrl(serviceUrlOf(request), location)}/frames`;
  const parts = numbers.map(
    (number): ResponsePart => ({ contentType, location: `${base}/${number}`, content: () => content(number) }),
  );
  await sendMultipart(response, 'application/octet-stream', parts);
}

/** A large binary value that the metadata names by URL; encapsulated pixel data is served frame by frame. */
export function bulkDataHandler(archive: Archive): RequestHandler {
  return async (request, response) => {
    const [location] = locateAll(archive, request);
    if (!location) throw new HttpProblem(404, 'The sample archive has no such object.');
    const { path } = location.instance;
    const tags = [request.params.location ?? []].flat();
    const header = await readPart10Header(path);
    if (tags.length === 1 && tags[0]?.toUpperCase() === header.pixelData?.tag) {
      const table = await locateFrames(path);
      if (!table) throw new HttpProblem(404, 'The object has no pixel data.');
      const separable = table.encapsulated && table.rangesOf(table.frameCount - 1) !== undefined;
      if (separable) {
        const numbers = Array.from({ length: table.frameCount }, (_, index) => index + 1);
        await sendFrames(request, response, location, table, numbers);
      } else if (table.deflated) {
        throw new HttpProblem(406, 'The pixel data of a deflated object is served by frames only.');
      } else {
        const transferSyntax = `; transfer-syntax=${table.transferSyntaxUid}`;
        await sendBytes(request, response, () => readFileRanges(path, table.allRanges), transferSyntax);
      }
      return;
    }
    const bytes = readBulkData(header, tags);
    if (!bytes) throw new HttpProblem(404, 'The object has no such bulk data.');
    await sendBytes(request, response, async () => bytes, '');
  };
}

async function sendBytes(
  request: Request,
  response: Response,
  content: ResponsePart['content'],
  parameters: string,
): Promise<void> {
  if (!wantsSinglePart(request)) {
    const contentType = `application/octet-stream${parameters}`;
    await sendMultipart(response, 'application/octet-stream', [{ contentType, content }]);
    return;
  }
  // The client knows from the metadata what the bytes are (a PDF, a video) and asks for them by that name. Only types
  // that a browser does not run as a page are echoed.
  const asked = acceptedTypes(request)[0]?.type ?? '';
  const harmless = /^(application\/pdf|image\/(?!svg)[\w.+-]+|video\/[\w.+-]+|audio\/[\w.+-]+)$/.test(asked);
  response.set('Content-Type', harmless ? asked : `application/octet-stream${parameters}`);
  const bytes = content();
  if (Symbol.asyncIterator in bytes) await sendStream(response, bytes);
  else response.send(Buffer.from(await bytes));
}

/** Every object that the path names; 404 when there is none. */
function locateAll(archive: Archive, request: Request): InstanceLocation[] {
  const { study: studyUid, series: seriesUid, instance: instanceUid } = request.params;
  const study = archive.studies.get(String(studyUid));
  const found: InstanceLocation[] = [];
  for (const series of study?.series.values() ?? []) {
    if (seriesUid !== undefined && series.uid !== seriesUid) continue;
    for (const instance of series.instances.values()) {
      if (instanceUid === undefined || instance.uid === instanceUid) found.push({ study: study!, series, instance });
    }
  }
  if (found.length === 0) throw new HttpProblem(404, 'The sample archive has no such study, series or object.');
  return found;
}

function instanceUrl(serviceUrl: string, { study, series, instance }: InstanceLocation): string {
  return `${serviceUrl}/studies/${study.uid}/series/${series.uid}/instances/${instance.uid}`;
}
