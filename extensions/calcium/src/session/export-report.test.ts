import { decide } from '@voxelwise/host';
import { volumeWith } from '../core/calcium.test-support.ts';
import { applyEdits, assignPart, type Convention, conventionFor, DEFAULT_CONVENTION } from '../core/index.ts';
import { factsOf } from './acquisition.ts';
import type { CalciumSession } from './calcium-session.ts';
import { gatherReport } from './export-report.ts';
import { lesionsIn, seriesOf } from './result-objects.test-support.ts';
import { LEFT_HALF, scoringOf } from './scoring.test-support.ts';
import { type CalciumState, INITIAL_STATE, scoreTable } from './state.ts';

const NOW = new Date('2026-03-04T05:06:07Z');
const IN_REGION = 'Only inside the heart region that the reader drew';

/** A scored series with everything that peaks in the left half given to the LAD, and the report that a session on it makes. */
async function scoredSession() {
  const { store, scoring, series } = await scoringOf();
  const { labeled, history } = store.get();
  const whole = applyEdits(labeled!.set, []);
  const isLeft = (part: number) => whole.parts.peakVoxel[part]! % 40 < 8;
  const parts = Array.from({ length: whole.parts.count }, (_, part) => part).filter(isLeft);
  const edits = parts.map(part => assignPart(whole, part, 'LAD'));
  store.set({ history: decide(history, { edits }), labeled: applyEdits(labeled!.set, edits) });
  const session = { getState: store.get, currentSeries: () => series } as unknown as CalciumSession;
  return { store, scoring, report: () => gatherReport(session, NOW) };
}

test('a report is only made of the result of what the reader has chosen, never of the one before', async () => {
  const { store, scoring, report } = await scoredSession();
  const before = report();
  expect(before.total.agatston).toBeGreaterThan(0);
  expect(before.conventionInWords).not.toContain(IN_REGION);

  store.set({ history: decide(store.get().history, { region: LEFT_HALF }) });
  const rescored = scoring.rescore();
  expect(report).toThrow('the score is still being computed');
  await rescored;
  expect(report().conventionInWords).toContain(IN_REGION);

  scoring.setConvention({ connectivity: 4 });
  expect(report).toThrow('the score is still being computed');
  await scoring.rescore();
  expect(report().conventionInWords).toContain(
    'Components: per slice, 4-connected; lesions: across slices, 6-connected',
  );
});

test('no report is made of calcium below the weights', async () => {
  const { store, scoring, report } = await scoredSession();
  scoring.setConvention({ weightEdgesHu: [5000] });
  await scoring.rescore();
  expect(store.get().labeled!.parts.label).toContain('LAD');
  expect(report).toThrow('this is not an Agatston score');
});

/** The report of a session with nothing decided but that there is no calcium. */
function reportWith(header: object, conventionOf: (facts: ReturnType<typeof factsOf>) => Convention) {
  const volume = volumeWith([8, 8, 2], [0.5, 0.5, 3], () => 40);
  const plain = seriesOf(volume);
  const instances = plain.loaded.instances.map(instance => ({ ...instance, ...header }));
  const series = { ...plain, padded: new Map(), loaded: { ...plain.loaded, instances } };
  const facts = factsOf(series);
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
