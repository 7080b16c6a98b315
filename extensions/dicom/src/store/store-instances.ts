import { type ArchiveAnswer, ArchiveError, type DicomWebTarget, type ExchangeOptions, exchange } from './dicom-web.ts';
import { encodeMultipart } from './multipart.ts';
import { archiveWords, describeFailureReason, describeWarningReason, refusalOf } from './refusal.ts';
import { type InstanceReference, retrieveInstance } from './retrieve-instance.ts';
import { parseStoreResponse, type StoreResponse } from './store-response.ts';

/** A DICOM Part 10 file and the UIDs in it. */
export interface StorableInstance extends InstanceReference {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What messages call it: "the segmentation". */
  readonly name?: string;
}

/** What became of one object. */
export interface StoreOutcome {
  readonly instance: StorableInstance;
  /** 'unknown' when the connection broke, was cancelled, or the answer does not tell: the object may have arrived. */
  readonly result: 'stored' | 'refused' | 'unknown' | 'not sent';
  /** What the archive said about this object: a clause without a full stop. */
  readonly remark?: string;
  /** The archive has another object under this UID: it never takes this one, only one that is made anew. */
  readonly isUidTaken?: true;
}

export interface StoreReport {
  /** In the order of the instances given. */
  readonly outcomes: readonly StoreOutcome[];
  readonly allStored: boolean;
  /** The signal ended it before everything was sent and answered. */
  readonly isCancelled: boolean;
  /** The whole result in sentences for the reader. */
  readonly message: string;
}

export interface StoreProgress {
  readonly doneInstances: number;
  readonly totalInstances: number;
  readonly doneBytes: number;
  readonly totalBytes: number;
}

export interface StoreOptions extends DicomWebTarget, ExchangeOptions {
  onProgress?(progress: StoreProgress): void;
  /** Objects travel together up to this many bytes; a larger one has a request of its own. */
  readonly maxRequestBytes?: number;
}

/** Small objects share a request, and no request is so long that progress stands still. */
const MAX_REQUEST_BYTES = 1 << 20;

/**
 * Stores objects by STOW-RS, in their order. Later objects may refer to earlier ones (a report to its segmentation), so
 * after the first request with a failure nothing more is sent. The whole list can be stored again: objects that are in
 * the archive already, unchanged, count as stored.
 * @returns what became of every object; a refusal is part of the report, not an exception, and so is what was cancelled
 */
export async function storeInstances(
  instances: readonly StorableInstance[],
  options: StoreOptions,
): Promise<StoreReport> {
  const outcomes: StoreOutcome[] = [];
  const sizeOf = (list: readonly StorableInstance[]) => list.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const report = () => {
    const done = outcomes.map(({ instance }) => instance);
    options.onProgress?.({
      doneInstances: done.length,
      totalInstances: instances.length,
      doneBytes: sizeOf(done),
      totalBytes: sizeOf(instances),
    });
  };
  report();
  let advice: readonly string[] = [];
  let isCancelled = false;
  for (const batch of batchesOf(instances, options.maxRequestBytes ?? MAX_REQUEST_BYTES)) {
    isCancelled = options.signal?.aborted ?? false;
    if (isCancelled) break;
    try {
      const stored = await storeBatch(batch, options);
      outcomes.push(...stored.results);
      advice = stored.advice;
    } catch (error) {
      if (!options.signal?.aborted) throw error;
      isCancelled = true;
      outcomes.push(...batch.map(instance => ({ instance, result: 'unknown' }) as const));
      break;
    }
    report();
    if (advice.length > 0) break;
  }
  outcomes.push(...instances.slice(outcomes.length).map(instance => ({ instance, result: 'not sent' }) as const));
  return {
    outcomes,
    allStored: outcomes.every(({ result }) => result === 'stored'),
    isCancelled,
    message: isCancelled ? describeCancelled(outcomes) : describe(outcomes, advice),
  };
}

function batchesOf(instances: readonly StorableInstance[], maxBytes: number): StorableInstance[][] {
  const batches: StorableInstance[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const instance of instances) {
    size += instance.bytes.length;
    if (size <= maxBytes) batches.at(-1)?.push(instance);
    else {
      batches.push([instance]);
      size = instance.bytes.length;
    }
  }
  return batches;
}

interface BatchResult {
  readonly results: readonly StoreOutcome[];
  /** What to do about it; empty when everything is stored. */
  readonly advice: readonly string[];
}

async function storeBatch(batch: readonly StorableInstance[], options: StoreOptions): Promise<BatchResult> {
  const { contentType, body } = encodeMultipart(
    batch.map(({ bytes }) => bytes),
    'application/dicom',
  );
  const headers = { Accept: 'application/dicom+json', 'Content-Type': contentType };
  let answer: ArchiveAnswer;
  try {
    answer = await exchange(options, `${options.url}/studies`, { method: 'POST', headers, body }, options);
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    return { results: batch.map(instance => ({ instance, result: 'unknown' })), advice: [error.message] };
  }
  if (isWebPage(answer)) {
    return {
      results: batch.map(instance => ({ instance, result: 'unknown' })),
      advice: [
        `What answered at ${options.url} is a web page, and no archive. Your session may have ended: sign in to the viewer again, then store again.`,
      ],
    };
  }
  const results: StoreOutcome[] = [];
  const advice = new Set<string>();
  for (const instance of batch) {
    const { advice: whatToDo, ...verdict } = await judge(instance, batch, answer, options);
    results.push({ instance, ...verdict });
    if (whatToDo !== undefined) advice.add(whatToDo);
  }
  return { results, advice: [...advice] };
}

/** A page for people with a status of success: that of a login, to which a proxy has led the request. */
function isWebPage({ status, headers, bytes }: ArchiveAnswer): boolean {
  const isSuccess = status >= 200 && status < 300;
  return isSuccess && bytes.length > 0 && /^(text\/html|application\/xhtml)/i.test(headers.get('content-type') ?? '');
}

interface Verdict extends Omit<StoreOutcome, 'instance'> {
  readonly advice?: string;
}

/** What an answer means for one object of a request. */
async function judge(
  instance: StorableInstance,
  batch: readonly StorableInstance[],
  answer: ArchiveAnswer,
  options: StoreOptions,
): Promise<Verdict> {
  const { sopInstanceUid } = instance;
  const succeeded = answer.status >= 200 && answer.status < 300;
  const response = parseStoreResponse(answer.bytes);
  if (!response && !succeeded) return { result: 'refused', advice: refusalOf(options, answer).message };
  const { stored, failed, unnamedFailures } = response ?? NAMES_NOTHING;
  if (failed.has(sopInstanceUid)) {
    const reason = failed.get(sopInstanceUid) ?? PROCESSING_FAILURE;
    if (reason === DUPLICATE && (await isInArchive(instance, options))) return { result: 'stored' };
    const isUidTaken = reason === DUPLICATE || reason === UID_OF_OTHER_KIND;
    return { ...refusedFor(reason, answer), ...(isUidTaken && { isUidTaken }) };
  }
  if (stored.has(sopInstanceUid)) {
    const warning = stored.get(sopInstanceUid);
    return { result: 'stored', ...(warning !== undefined && { remark: describeWarningReason(warning) }) };
  }
  if (unnamedFailures[0] !== undefined) return refusedFor(unnamedFailures[0], answer);
  if (!succeeded) {
    return {
      result: 'refused',
      remark: `it gave no reason (HTTP ${answer.status})`,
      advice: "The archive's log says why.",
    };
  }
  // Without any name in the answer the status counts, except for 202, which says that something was wrong.
  if (stored.size + failed.size === 0 && answer.status !== 202) return { result: 'stored' };
  const what = batch.length === 1 ? 'the object' : 'the objects';
  return {
    result: 'unknown',
    remark: 'gave an answer that does not say what became of it',
    advice: `Reload the study to see whether ${what} arrived; if not, store again.`,
  };
}

const NAMES_NOTHING: StoreResponse = { stored: new Map(), failed: new Map(), unnamedFailures: [] };
const PROCESSING_FAILURE = 0x0110;
const DUPLICATE = 0x0111;
const UID_OF_OTHER_KIND = 0x0119;

function refusedFor(reason: number, answer: ArchiveAnswer): Verdict {
  const { meaning, advice } = describeFailureReason(reason);
  const words = archiveWords(answer);
  return { result: 'refused', remark: words ? `${meaning}: "${words}"` : meaning, advice };
}

/** Whether the archive holds this very object: same data set, whatever file header the archive wrote before it. */
async function isInArchive(instance: StorableInstance, options: StoreOptions): Promise<boolean> {
  try {
    const held = dataSetOf(await retrieveInstance(options, instance, options));
    const ours = dataSetOf(instance.bytes);
    return held.length === ours.length && held.every((byte, index) => byte === ours[index]);
  } catch (error) {
    if (error instanceof ArchiveError) return false;
    throw error;
  }
}

/** The bytes of a Part 10 file behind its file meta information, whose length is its first element (PS3.10 7.1). */
function dataSetOf(file: Uint8Array): Uint8Array {
  const metaLength = file.length < 144 ? 0 : new DataView(file.buffer, file.byteOffset).getUint32(140, true);
  return file.subarray(144 + metaLength);
}

function describe(outcomes: readonly StoreOutcome[], advice: readonly string[]): string {
  const count = (result: StoreOutcome['result']) => outcomes.filter(outcome => outcome.result === result).length;
  const stored = count('stored');
  const sentences = [
    stored === outcomes.length
      ? `${stored === 1 ? 'The object is' : `All ${stored} objects are`} stored.`
      : `${stored} of ${outcomes.length} objects ${stored === 1 ? 'is' : 'are'} stored.`,
    ...remarksOn(outcomes),
    ...advice,
  ];
  const unsent = count('not sent');
  if (stored > 0 && unsent > 0) sentences.push(`${unsent} ${unsent === 1 ? 'was' : 'were'} not sent.`);
  return sentences.join(' ');
}

/** Names the objects, because whoever cancels has a part of them in the archive. */
function describeCancelled(outcomes: readonly StoreOutcome[]): string {
  const named = (result: StoreOutcome['result'], where: string) => {
    const names = outcomes.filter(outcome => outcome.result === result).map(nameOf);
    return names.length > 0 ? [`${where}: ${names.join(', ')}.`] : [];
  };
  if (outcomes.every(({ result }) => result === 'not sent')) return 'Storing was cancelled before anything was sent.';
  return [
    'Storing was cancelled.',
    ...named('stored', 'Stored already'),
    ...named('unknown', 'Perhaps stored, because under way'),
    ...named('not sent', 'Not sent'),
    ...remarksOn(outcomes),
    'Storing the same result again completes it; what has arrived is not stored twice.',
  ].join(' ');
}

function nameOf({ instance }: StoreOutcome): string {
  return instance.name ?? `object ${instance.sopInstanceUid}`;
}

/** What the archive said about single objects. */
function remarksOn(outcomes: readonly StoreOutcome[]): string[] {
  return outcomes.flatMap(outcome => {
    if (outcome.remark === undefined) return [];
    const name = nameOf(outcome);
    if (outcome.result === 'unknown') return [`For ${name} the archive ${outcome.remark}.`];
    return [`The archive ${outcome.result === 'stored' ? 'remarked on' : 'refused'} ${name}: ${outcome.remark}.`];
  });
}
