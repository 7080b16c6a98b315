import type { RunReport } from './kernel.ts';
import { producerNotice } from './producer-notice.ts';

const report = (producer: RunReport['producer'], ...notes: string[]): RunReport => ({
  producer,
  milliseconds: 1,
  notes,
});

test('nothing is said when the first choice ran', () => {
  expect(producerNotice(report('wasm'), null)).toBe('');
  expect(producerNotice(report('webgl2'), 'webgl2')).toBe('');
});

test('a producer that failed is named with its reason, and who finished', () => {
  expect(producerNotice(report('wasm', 'webgl2 failed: the GPU context was lost'), null)).toBe(
    'WebGL2 could not compute this (the GPU context was lost); WebAssembly finished the job with the same result.',
  );
  expect(producerNotice(report('ts', 'wasm failed: CompileError', 'webgl2 failed: lost'), 'wasm')).toBe(
    'WebAssembly could not compute this (CompileError); TypeScript finished the job with the same result.',
  );
});

test('a producer that is not to be had is only news to who asked for it', () => {
  const note = 'webgl2 not used: this browser or machine gives no WebGL2 context';
  expect(producerNotice(report('wasm', note), null)).toBe('');
  expect(producerNotice(report('wasm', note), 'webgl2')).toContain('gives no WebGL2 context');
});

test('a worker that stopped is news, with what it was doing and who finished', () => {
  const first = 'run again in a new worker, because the first one stopped';
  expect(producerNotice(report('ts', `${first} while webgl2 ran: it did not answer for 60 seconds`), null)).toBe(
    'The compute worker stopped while it computed by WebGL2 (it did not answer for 60 seconds); TypeScript finished the job with the same result.',
  );
  for (const at of ['', ' while ts ran']) {
    expect(producerNotice(report('ts', `${first}${at}: out of memory`), null)).toBe(
      'The compute worker stopped (out of memory); a new one did the job again with the same result.',
    );
  }
  expect(producerNotice(report('wasm', 'computed by one worker: another worker stopped (code 3)'), null)).toBe(
    'A second compute worker stopped (code 3); one worker did the whole job with the same result.',
  );
  expect(producerNotice(report('wasm', 'computed by one worker: the volume was replaced meanwhile'), null)).toBe('');
});

test('a producer that has stopped a worker before is only news to who asks for it', () => {
  const note = 'webgl2 not used: it has stopped a worker before';
  expect(producerNotice(report('wasm', note), null)).toBe('');
  expect(producerNotice(report('wasm', note), 'webgl2')).toContain('(it has stopped a worker before)');
});

test('notes of another kind are not taken for a failure', () => {
  expect(producerNotice(report('wasm', 'calibrated in 12 ms'), null)).toBe('');
});
