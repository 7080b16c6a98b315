import { createStore, decide, type Host } from '@voxelwise/host';
// Loaded while there is no window: with one it takes itself to be in a browser.
import 'jspdf';
import { type NaturalDataSet, readPart10, textOf } from '@voxelwise/dicom';
import { volumeWith } from '../core/calcium.test-support.ts';
import { applyEdits, DEFAULT_CONVENTION, enteredCalibration, HOFF_2001 } from '../core/index.ts';
import { factsOf } from './acquisition.ts';
import type { CalciumSession } from './calcium-session.ts';
import { lesionsIn, seriesOf } from './result-objects.test-support.ts';
import { savedText } from './saved-result.ts';
import { type CalciumState, INITIAL_STATE } from './state.ts';
import { createStoredResults, type StoredResults } from './stored-results.ts';

const scope = globalThis as Record<string, unknown>;
const before = { window: scope.window, fetch: scope.fetch, indexedDB: scope.indexedDB };
afterEach(() => Object.assign(scope, before));

/** A browser's database that answers every request with one record, or, without one, never. @param written takes what is kept */
function databaseWith(result: object | undefined, written: { readonly text: string }[]) {
  const answer = (of: object) => {
    const request = { result: of, onsuccess: () => {} };
    if (result) queueMicrotask(() => request.onsuccess());
    return request;
  };
  const put = (record: { readonly text: string }) => {
    written.push(record);
    return answer({});
  };
  const table = { get: () => answer(result ?? {}), put, getAll: () => answer([]) };
  return { open: () => answer({ transaction: () => ({ objectStore: () => table }) }) };
}

/**
 * A reader who has found no calcium, and an archive that takes everything.
 * @param kept what the browser has
 */
function readerAndArchive(change: Partial<CalciumState> = {}, kept?: object) {
  const sent: NaturalDataSet[] = [];
  const written: { readonly text: string }[] = [];
  /** To the next requests to store; then everything is stored. */
  const answers: ((objects: readonly NaturalDataSet[]) => object)[] = [];
  const receive = async (body: Blob) => {
    const bytes = new Uint8Array(await body.arrayBuffer());
    const text = new TextDecoder('latin1').decode(bytes);
    for (const { index } of text.matchAll(/DICM....UL/gs)) {
      const end = text.indexOf('\r\n--voxelwise-', index);
      sent.push(readPart10(bytes.subarray(index - 128, end)).dataSet);
    }
    const answer = answers.shift() ?? (() => ({}));
    return new Response(JSON.stringify(answer(sent)), { headers: { 'Content-Type': 'application/dicom+json' } });
  };
  Object.assign(scope, {
    window: new EventTarget(),
    indexedDB: databaseWith(kept, written),
    fetch: (_url: string, { body }: { body?: Blob }) => (body ? receive(body) : new Response(null, { status: 204 })),
  });
  const volume = volumeWith([8, 8, 2], [0.5, 0.5, 3], () => 40);
  const series = { ...seriesOf(volume), padded: new Map() };
  const convention = DEFAULT_CONVENTION;
  const store = createStore<CalciumState>(
    {
      ...INITIAL_STATE,
      phase: 'ready',
      displaySetUid: 'd',
      labeled: applyEdits(lesionsIn(volume, convention, null), []),
      scoredWith: { convention, thresholds: 'standard-130', region: null },
      report: { producer: 'wasm', milliseconds: 1, notes: [] },
      facts: factsOf(series),
      percentiles: { table: HOFF_2001, problem: '' },
      zeroConfirmed: true,
      ...change,
    },
    () => null,
  );
  const session = {
    getState: store.get,
    subscribe: store.subscribe,
    currentSeries: () => series,
    // As where the reader cancels the computation: what was decided is there, under the convention of before.
    restore: async ({ decisions, calibration }: Parameters<CalciumSession['restore']>[0]) =>
      store.set({ history: decide(store.get().history, decisions), calibration }),
  } as unknown as CalciumSession;
  /** Claims of who has signed in. */
  let profile = {};
  const signIn = (claims: object) => {
    profile = claims;
  };
  const host = {
    dataSource: () => ({ getConfig: () => ({ wadoRoot: 'http://archive' }) }),
    services: {
      displaySetService: { getActiveDisplaySets: () => [{ StudyInstanceUID: '1.2', SeriesNumber: 1000 }] },
      userAuthenticationService: { getUser: () => ({ profile }), getAuthorizationHeader: () => ({}) },
    },
  } as unknown as Host;
  return { store, series, stored: createStoredResults(host, session), sent, answers, written, signIn };
}

const CALIBRATION = enteredCalibration({ factor: 0.8, unit: 'mg/cm3/HU', date: '2026-03-04', text: '' });
/** Looking for what is kept, and keeping, are over. */
const settled = () => new Promise(resolve => setTimeout(resolve, 50));
const uidsOf = (objects: readonly NaturalDataSet[]) => objects.map(object => textOf(object, 'SOPInstanceUID'));

test('the same result stored again is the same objects; what is known of the person makes another one', async () => {
  const { store, stored, sent } = readerAndArchive();
  await stored.store();
  expect(stored.getState().message).toMatchObject({ kind: 'done', text: 'All 4 objects are stored.' });
  await stored.store();
  const [first, again] = [sent.slice(0, 4), sent.slice(4)];
  expect(uidsOf(again)).toEqual(uidsOf(first));

  sent.length = 0;
  store.set({ person: { ageYears: 61, sex: 'female' } });
  expect(stored.getState().message).toBeNull(); // the report with the percentile is not stored
  await stored.store();
  expect(uidsOf(sent).filter(uid => uidsOf(first).includes(uid))).toEqual([]);
  stored.destroy();
});

test('the same result stored by another reader is new objects, which name that reader', async () => {
  const { stored, sent, signIn } = readerAndArchive();
  const readers = () => sent.filter(({ Modality }) => Modality === 'SEG').map(seg => textOf(seg, 'ContentCreatorName'));
  signIn({ family_name: 'Doe', given_name: 'Jane' });
  await stored.store();
  signIn({ family_name: 'Roe', given_name: 'Ann' });
  await stored.store();
  await stored.store();
  expect(readers()).toEqual(['Doe^Jane', 'Roe^Ann', 'Roe^Ann']);
  const [first, second, again] = [0, 4, 8].map(at => uidsOf(sent.slice(at, at + 4)));
  expect(second!.filter(uid => first!.includes(uid))).toEqual([]);
  expect(again).toEqual(second);
  stored.destroy();
});

test('objects of one study have series numbers of their own, however often a result is stored', async () => {
  const { store, stored, sent } = readerAndArchive();
  await stored.store();
  store.set({ calibration: CALIBRATION });
  await stored.store();
  const numbers = sent.map(object => textOf(object, 'SeriesNumber'));
  expect(numbers).toHaveLength(8);
  expect(new Set(['1000', ...numbers]).size).toBe(9);
  stored.destroy();
});

test('a result whose restoring was cancelled is not said to be restored, with differences that are none', async () => {
  const { store, series, stored } = readerAndArchive();
  stored.destroy();
  const { labeled } = store.get();
  const set = { ...labeled!.set, convention: { ...DEFAULT_CONVENTION, thresholdHu: 150 } };
  const text = savedText(store.get(), { ...labeled!, set }, series, new Date());
  const reader = readerAndArchive({ zeroConfirmed: false }, { text, savedAt: Date.now() });
  await settled();
  expect(reader.store.get().history.past).toHaveLength(1);
  expect(reader.stored.getState().restored).toBeNull();
  reader.stored.destroy();
});

test.each([
  ['on a series that is new', (_: StoredResults) => {}],
  ['after starting over', (stored: StoredResults) => stored.startOver()],
])('a calibration that is entered %s, and nothing else, is kept in the browser and comes back', async (_, begin) => {
  const first = readerAndArchive({ zeroConfirmed: false }, { savedAt: 0 }); // too old a record: none
  await settled();
  begin(first.stored);
  first.store.set({ calibration: CALIBRATION });
  first.stored.destroy();
  await settled();
  expect(first.written).toHaveLength(1);

  const again = readerAndArchive({ zeroConfirmed: false }, first.written[0]);
  await settled();
  expect(again.store.get().calibration).toEqual(CALIBRATION);
  again.stored.destroy();
});

test('a calibration entered before a saved result was found is not replaced by its calibration', async () => {
  const first = readerAndArchive({}, { savedAt: 0 });
  await settled();
  first.stored.destroy();
  await settled();
  const again = readerAndArchive({ zeroConfirmed: false, calibration: CALIBRATION }, first.written[0]);
  await settled();
  expect(again.store.get().calibration).toEqual(CALIBRATION);
  expect(again.stored.getState().offered).toMatchObject({ keeper: 'browser', calibration: null });
  again.stored.destroy();
});

test.each(['{"format":"voxelwise-calcium 1","edits":[{"ki', '\u0000\u0000'])(
  'a record of the browser that is damaged, %j, is told in plain words, and left as it is',
  async text => {
    const record = { text, savedAt: Date.now() };
    const { stored, store, written } = readerAndArchive({ zeroConfirmed: false }, record);
    await settled();
    expect(stored.getState().message).toEqual({
      kind: 'problem',
      text: 'The result in this browser was not reopened: its record is damaged and cannot be read. It stays in this browser until a new result takes its place; score the series again where no other result has been restored.',
    });
    store.set({ activeLabel: 'LAD' }); // no result
    stored.destroy();
    await settled();
    expect(written).toEqual([]);
  },
);

test('an archive that has other objects under the UIDs gets new UIDs when the result is stored again', async () => {
  const { stored, sent, answers } = readerAndArchive();
  const duplicate = (uid: string) => ({
    '00081155': { vr: 'UI', Value: [uid] },
    '00081197': { vr: 'US', Value: [0x0111] },
  });
  answers.push(objects => ({ '00081198': { vr: 'SQ', Value: uidsOf(objects).map(duplicate) } }));
  await stored.store();
  expect(stored.getState().message?.text).toContain('Store the result again: it is made anew');
  await stored.store();
  expect(stored.getState().message?.kind).toBe('done');
  expect(new Set(uidsOf(sent)).size).toBe(8);
  stored.destroy();
});

test('a cancelled storing names what may have arrived, and storing again sends the same objects', async () => {
  const { stored, sent, answers } = readerAndArchive();
  answers.push(() => {
    stored.cancelStoring();
    throw new Error('the connection is gone');
  });
  await stored.store();
  expect(stored.getState()).toMatchObject({
    storing: null,
    message: {
      kind: 'problem',
      text: 'Storing was cancelled. Perhaps stored, because under way: the segmentation, the measurement report, the cardiovascular report, the PDF. Storing the same result again completes it; what has arrived is not stored twice.',
    },
  });
  await stored.store();
  expect(stored.getState().message?.kind).toBe('done');
  expect(uidsOf(sent.slice(4))).toEqual(uidsOf(sent.slice(0, 4)));
  stored.destroy();
});
