import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { Dicer } from '@fastify/busboy';
import type { Request, RequestHandler } from 'express';
import { HttpProblem } from '../problem.ts';
import type { Archive } from './archive.ts';
import { type Dataset, element, isUid } from './dicom-json.ts';
import { serviceUrlOf } from './service-url.ts';
import { FAILURE, type StoreOutcome, storeObject } from './store.ts';

/** STOW-RS: stores the DICOM files of a multipart/related request, one by one as they arrive. */
export function storeHandler(archive: Archive): RequestHandler {
  return async (request, response) => {
    const studyUid = typeof request.params.study === 'string' ? request.params.study : undefined;
    if (studyUid !== undefined && !isUid(studyUid)) throw new HttpProblem(400, 'The study of the path is not a UID.');
    const outcomes = await storeParts(archive, request, boundaryOf(request), studyUid);
    if (outcomes.length === 0) throw new HttpProblem(400, 'The request has no part with a DICOM file.');
    const refused = outcomes.filter(outcome => outcome.result === 'refused');
    for (const outcome of refused) archive.report(`refused ${outcome.sopInstanceUid || 'a part'}: ${outcome.message}`);
    if (refused.length > 0) {
      const messages = [...new Set(refused.map(outcome => outcome.message))].join('; ');
      response.set('Warning', `299 voxelwise: "${messages.replace(/[^\x20-\x7e]|["\\]/g, '?')}"`);
    }
    response
      .status(refused.length === 0 ? 200 : refused.length === outcomes.length ? 409 : 202)
      .type('application/dicom+json')
      .send(JSON.stringify(storeResponse(outcomes, serviceUrlOf(request))));
  };
}

function boundaryOf(request: Request): string {
  const contentType = request.headers['content-type'] ?? '';
  const partType = /;\s*type="?([^";,\s]+)/i.exec(contentType)?.[1]?.toLowerCase();
  if (!/^multipart\/related\b/i.test(contentType) || (partType ?? 'application/dicom') !== 'application/dicom') {
    request.resume();
    throw new HttpProblem(415, 'Objects are stored as multipart/related; type="application/dicom".');
  }
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (!boundary) throw new HttpProblem(400, 'The Content-Type of a multipart request must name its boundary.');
  return boundary;
}

async function storeParts(
  archive: Archive,
  request: Request,
  boundary: string,
  studyUid: string | undefined,
): Promise<StoreOutcome[]> {
  const outcomes: Promise<StoreOutcome>[] = [];
  const open = new Set<Dicer.PartStream>();
  const parser = new Dicer({ boundary });
  parser.on('part', part => {
    open.add(part);
    part.once('close', () => open.delete(part));
    part.on('error', () => {}); // storeObject sees it too; without a listener it would end the process
    outcomes.push(storeObject(archive, part, studyUid));
  });
  try {
    // Dicer says that it has finished at the last boundary, which may be before its input ends; a pipeline waits forever then.
    await Promise.race([pipeline(request, parser), once(parser, 'finish')]);
  } catch {
    for (const part of open) part.destroy(new Error('the request ended early'));
    await Promise.all(outcomes);
    throw new HttpProblem(400, 'The multipart request ended before its last boundary.');
  }
  return Promise.all(outcomes);
}

/** The Store Instances Response data set, PS3.18 annex I. */
function storeResponse(outcomes: StoreOutcome[], serviceUrl: string): Dataset {
  const response: Dataset = {};
  const studyUids = new Set(outcomes.map(outcome => outcome.studyUid).filter(Boolean));
  const [studyUid] = studyUids;
  if (studyUids.size === 1) response['00081190'] = element('UR', `${serviceUrl}/studies/${studyUid}`);

  const stored = outcomes.filter(outcome => outcome.result !== 'refused');
  const refused = outcomes.filter(outcome => outcome.result === 'refused');
  const named = refused.filter(outcome => outcome.sopInstanceUid !== '');
  const unnamed = refused.filter(outcome => outcome.sopInstanceUid === '');
  if (stored.length > 0) {
    const items = stored.map(outcome => ({
      ...reference(outcome),
      '00081190': element('UR', urlOf(outcome, serviceUrl)),
    }));
    response['00081199'] = element('SQ', ...items);
  }
  if (named.length > 0) {
    response['00081198'] = element('SQ', ...named.map(outcome => ({ ...reference(outcome), ...reasonOf(outcome) })));
  }
  if (unnamed.length > 0) response['0008119A'] = element('SQ', ...unnamed.map(reasonOf));
  return response;
}

function reference(outcome: StoreOutcome): Dataset {
  return { '00081150': element('UI', outcome.sopClassUid), '00081155': element('UI', outcome.sopInstanceUid) };
}

function reasonOf(outcome: StoreOutcome): Dataset {
  return { '00081197': element('US', outcome.reason ?? FAILURE.processing) };
}

function urlOf({ studyUid, seriesUid, sopInstanceUid }: StoreOutcome, serviceUrl: string): string {
  return `${serviceUrl}/studies/${studyUid}/series/${seriesUid}/instances/${sopInstanceUid}`;
}
