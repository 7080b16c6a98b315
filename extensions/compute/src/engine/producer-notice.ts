import type { Producer, RunReport } from './kernel.ts';

/** Producers as the panel names them. */
export const PRODUCER_NAMES: Readonly<Record<Producer, string>> = {
  webgl2: 'WebGL2',
  wasm: 'WebAssembly',
  ts: 'TypeScript',
};

/** A note of the engine about a producer that was passed over: "webgl2 failed: the GPU context was lost". */
const PASSED_OVER = /^(webgl2|wasm|ts) (failed|not used): (.*)$/s;
/** A note about a worker that crashed, hung or was ended by the browser, with the producer that was at work where it is known. */
const FIRST_STOPPED =
  /^run again in a new worker, because the first one stopped(?: while (webgl2|wasm|ts) ran)?: (.*)$/s;
const OTHER_STOPPED = /^computed by one worker: another worker stopped \((.*)\)$/s;

/**
 * One sentence when another producer than the one that was asked for, or chosen first, finished the job, or when a worker
 * stopped under it; else ''. The answer is the same on all of them, so this is news about the machine, not about the score.
 */
export function producerNotice({ producer, notes }: RunReport, prefer: Producer | null): string {
  for (const note of notes) {
    const sentence = stopSentence(note, producer) || passedOverSentence(note, producer, prefer);
    if (sentence) return sentence;
  }
  return '';
}

function stopSentence(note: string, producer: Producer): string {
  const other = OTHER_STOPPED.exec(note)?.[1];
  if (other) return `A second compute worker stopped (${other}); one worker did the whole job with the same result.`;
  const [, at, reason] = FIRST_STOPPED.exec(note) ?? [];
  if (!reason) return '';
  if (!at || at === producer) {
    return `The compute worker stopped (${reason}); a new one did the job again with the same result.`;
  }
  const names = [PRODUCER_NAMES[at as Producer], PRODUCER_NAMES[producer]];
  return `The compute worker stopped while it computed by ${names[0]} (${reason}); ${names[1]} finished the job with the same result.`;
}

function passedOverSentence(note: string, producer: Producer, prefer: Producer | null): string {
  const [, name, what, reason = ''] = PASSED_OVER.exec(note) ?? [];
  const isNews = name !== undefined && name !== producer && (what === 'failed' || name === prefer);
  if (!isNews) return '';
  return `${PRODUCER_NAMES[name as Producer]} could not compute this (${reason.trim()}); ${PRODUCER_NAMES[producer]} finished the job with the same result.`;
}
