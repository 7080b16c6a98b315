import { volumeWith } from '../core/calcium.test-support.ts';
import { applyEdits, type Convention, conventionFor, DEFAULT_CONVENTION } from '../core/index.ts';
import { acquisitionFacts } from './acquisition.ts';
import type { CalciumSession } from './calcium-session.ts';
import { gatherReport } from './export-report.ts';
import { lesionsIn, seriesOf } from './result-objects.test-support.ts';
import { type CalciumState, INITIAL_STATE, scoreTable } from './state.ts';

/** The report of a session with nothing decided but that there is no calcium. */
function reportWith(header: object, conventionOf: (facts: ReturnType<typeof acquisitionFacts>) => Convention) {
  const volume = volumeWith([8, 8, 2], [0.5, 0.5, 3], () => 40);
  const plain = seriesOf(volume);
  const instances = plain.loaded.instances.map(instance => ({ ...instance, ...header }));
  const series = { ...plain, padded: new Map(), loaded: { ...plain.loaded, instances } };
  const facts = acquisitionFacts(series);
  const convention = conventionOf(facts);
  const state: CalciumState = {
    ...INITIAL_STATE,
    labeled: applyEdits(lesionsIn(volume, convention, null), []),
    scoredWith: { convention, thresholds: 'standard-130', region: null },
    report: { producer: 'wasm', milliseconds: 1, notes: [] },
    facts,
    convention,
    zeroConfirmed: true,
  };
  expect(scoreTable(state)?.interpretation).toBeTruthy();
  const session = { getState: () => state, currentSeries: () => series } as unknown as CalciumSession;
  return gatherReport(session, new Date(0));
}

test('the convention says why these thresholds, as the command line does', () => {
  const standard = reportWith({ KVP: '120' }, () => DEFAULT_CONVENTION);
  expect(standard.conventionInWords.at(-1)).toBe(
    'Tube voltage 120 kV: the standard thresholds 130, 200, 300, 400 HU hold.',
  );
  const byKvp = reportWith({ KVP: '100' }, facts => conventionFor(facts, 'by-kvp').convention);
  expect(byKvp.conventionInWords.at(-1)).toMatch(
    /^Tube voltage 100 kV: thresholds 145, 222, 334, 446 HU by tube voltage/,
  );
  const byHand = reportWith({ KVP: '120' }, () => ({ ...DEFAULT_CONVENTION, thresholdHu: 150 }));
  expect(byHand.conventionInWords.at(-1)).toMatch(/^Threshold 150 HU by hand\. Tube voltage 120 kV/);
});

test.each([
  [{ ScanOptions: 'VOLUME_CT' }, ''],
  [{ ScanOptions: ['HELICAL', 'MODE'] }, ''],
  [{ ScanOptions: ['ECG', 'AXIAL'] }, 'ECG\\AXIAL'],
  [{ CardiacSynchronizationTechnique: 'NONE', ScanOptions: 'ECG' }, ''],
  [{ TriggerTime: '650' }, 'trigger time 650 ms'],
])('gating of %j is what the warning goes by: "%s"', (header, gating) => {
  expect(reportWith(header, () => DEFAULT_CONVENTION).acquisition.gating).toBe(gating);
});
