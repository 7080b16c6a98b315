import type { Producer, RunReport } from '@voxelwise/compute';

/** Producers as the panel names them. */
export const PRODUCER_NAMES: Readonly<Record<Producer, string>> = {
  webgl2: 'WebGL2',
  wasm: 'WebAssembly',
  ts: 'TypeScript',
};

/** A note of the engine about a producer that was passed over: "webgl2 failed: the GPU context was lost". */
const NOTE = /^(webgl2|wasm|ts) (failed|not used): (.*)$/s;

/**
 * One sentence when another producer than the one that was asked for, or chosen first, finished the job; else ''.
 * The answer is the same on all of them, so this is news about the machine, not about the score.
 */
export function producerNotice({ producer, notes }: RunReport, prefer: Producer | null): string {
  const passedOver = notes.flatMap(note => {
    const [, name = '', what, reason = ''] = NOTE.exec(note) ?? [];
    const isNews = what === 'failed' || name === prefer;
    return isNews ? [{ name: name as Producer, reason: reason.trim() }] : [];
  });
  const [first] = passedOver;
  if (!first || first.name === producer) return '';
  return `${PRODUCER_NAMES[first.name]} could not compute this (${first.reason}); ${PRODUCER_NAMES[producer]} finished the job with the same result.`;
}
