import type { RunReport } from '@voxelwise/compute';
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

test('notes of another kind are not taken for a failure', () => {
  expect(producerNotice(report('wasm', 'calibrated in 12 ms'), null)).toBe('');
});
