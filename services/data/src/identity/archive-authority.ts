import { createHash } from 'node:crypto';
import { uidSchema } from '@voxelwise/contract';
import { z } from 'zod';
import { createGate } from './gate.ts';
import type { Principal } from './principal.ts';
import { authorityOf, type StudyAnswer, type StudyAuthority } from './study-authority.ts';
import { createTimedCache } from './timed-cache.ts';

export interface ArchiveAuthorityOptions {
  /** DICOMweb root of the archive, such as http://orthanc:8042/dicom-web. */
  readonly url: string;
  /** For one question, waiting for its turn included. */
  readonly timeoutMs?: number;
  /** How long an answer holds. */
  readonly cacheMs?: number;
  readonly cachedAnswers?: number;
  /** Questions that the archive is asked at the same time. */
  readonly concurrency?: number;
}

/** One study, as attributes of DICOM JSON; more than a megabyte of them is no answer to the question. */
const LONGEST_ANSWER_BYTES = 1_000_000;

const answerSchema = z.array(
  z.looseObject({ '0020000D': z.looseObject({ Value: z.tuple([z.string()]) }) }), // Study Instance UID
);

/** What is wrong with ARCHIVE_URL, in one sentence; null where nothing is. */
export function archiveUrlProblem(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    return 'ARCHIVE_URL is not an http(s) address, such as http://orthanc:8042/dicom-web.';
  }
  if (url.username || url.password)
    return 'ARCHIVE_URL must have no user and password: everybody is asked for with their own token.';
  if (url.search || url.hash) return 'ARCHIVE_URL must have no ? and no #: it is the DICOMweb root.';
  return null;
}

/**
 * Whoever the archive shows the study: it is searched there (QIDO-RS, PS3.18 section 10.6) with the person's own token, so that
 * the archive's rules hold here too. Answers hold for a minute per token and study; a token is one person's, and what one token
 * may see another of the same person may not. Who has no token (local mode) asks without one.
 *
 * @throws Error with a sentence where the URL cannot be used
 */
export function archiveAuthority(options: ArchiveAuthorityOptions): StudyAuthority {
  const { timeoutMs = 5000, cacheMs = 60_000, cachedAnswers = 100_000, concurrency = 8 } = options;
  const problem = archiveUrlProblem(options.url);
  if (problem) throw new Error(problem);
  const root = options.url.replace(/\/$/, '');
  const known = createTimedCache<StudyAnswer>(cacheMs, cachedAnswers);
  const asked = new Map<string, Promise<StudyAnswer>>();
  const gate = createGate(concurrency);

  const ask = async (token: string | null, studyUid: string): Promise<StudyAnswer> => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await gate.pass(signal, () => search(root, token, studyUid, signal));
    } catch {
      return 'unavailable'; // No connection, no answer in time, or what is no answer.
    }
  };

  return authorityOf(async (principal, { studyUid }) => {
    if (!uidSchema.safeParse(studyUid).success) return 'no';
    const key = keyOf(principal, studyUid);
    const answer = known.get(key);
    if (answer) return answer;
    const pending = asked.get(key);
    if (pending) return pending;
    const question = ask(principal.token, studyUid);
    asked.set(key, question);
    const given = await question;
    asked.delete(key);
    if (given !== 'unavailable') known.set(key, given);
    return given;
  });
}

/** Throws where the archive gives no answer. */
async function search(root: string, token: string | null, studyUid: string, signal: AbortSignal): Promise<StudyAnswer> {
  // One is enough, also of an archive that takes no notice of the UID; it is compared below.
  const url = `${root}/studies?StudyInstanceUID=${studyUid}&limit=1`;
  const response = await fetch(url, {
    headers: { Accept: 'application/dicom+json', ...(token !== null && { Authorization: `Bearer ${token}` }) },
    redirect: 'manual', // The token goes nowhere else.
    signal,
  });
  if (response.status === 200) return isAbout(studyUid, await readJson(response)) ? 'yes' : 'no';
  await response.body?.cancel();
  if ([204, 401, 403, 404].includes(response.status)) return 'no';
  throw new Error(`The archive answers ${response.status}.`);
}

/** Throws where it is no list of studies: then it says nothing about this one. */
function isAbout(studyUid: string, answer: unknown): boolean {
  return answerSchema.parse(answer).some(study => study['0020000D'].Value[0] === studyUid);
}

/** A login page says 200 as well. */
async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > LONGEST_ANSWER_BYTES) throw new Error('The answer of the archive is too long.');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/** Nothing that could be used for signing in stays in memory longer than its request. */
function keyOf({ person, token }: Principal, studyUid: string): string {
  const digest = createHash('sha256')
    .update(token ?? '')
    .digest('base64url');
  return `${person} ${digest} ${studyUid}`;
}
