import { createHash } from 'node:crypto';
import { decide, type Host } from '@voxelwise/host';
import { applyEdits, assignPart, voxelsOfLabel } from '../core/index.ts';
import { attachmentsOf, predictionOf, scoreOnScreen } from './calcium-record.ts';
import type { CalciumSession } from './calcium-session.ts';
import type { CtSeries } from './ct-series.ts';
import { scoringOf } from './scoring.test-support.ts';

const HOST = { appConfig: { '@voxelwise/host': { ohifVersion: '3.13.2' } } } as unknown as Host;

/** A scored series with one lesion each of LAD and RCA, and with these attributes in its headers. */
async function scored(attributes: object = {}) {
  const { store, series: scored } = await scoringOf();
  const instances = scored.loaded.instances.map((_, slice) => ({
    StudyInstanceUID: '1.2',
    SeriesInstanceUID: '1.2.3',
    SOPInstanceUID: `1.2.3.${slice + 1}`,
    ...attributes,
  }));
  const readVolume = () => ({
    voxels: Int16Array.from({ length: 6 }, (_, i) => i - 2),
    dimensions: scored.dimensions,
    spacingMm: scored.spacingMm,
  });
  const series = { ...scored, readVolume, loaded: { ...scored.loaded, instances } } as unknown as CtSeries;
  const { labeled, history } = store.get();
  const whole = applyEdits(labeled!.set, []);
  const edits = [assignPart(whole, 0, 'LAD'), assignPart(whole, 1, 'RCA')];
  store.set({ history: decide(history, { edits }), labeled: applyEdits(labeled!.set, edits) });
  const session = { getState: store.get, currentSeries: () => series } as unknown as CalciumSession;
  return { session, score: scoreOnScreen(session), store };
}

test('a prediction holds score, images, provenance, and the digest of the voxels in little-endian order', async () => {
  const { score } = await scored({ Modality: 'CT' });
  const prediction = await predictionOf(score, HOST, []);
  expect(prediction).toMatchObject({
    kind: 'calcium',
    payload: score.payload,
    conventions: { thresholdHu: 130 },
    image: { studyUid: '1.2', seriesUid: '1.2.3', modality: 'CT' },
    algorithm: { name: 'Voxelwise calcium' },
    provenance: {
      viewer: { name: 'OHIF', version: '3.13.2' },
      extension: { name: '@voxelwise/calcium' },
      producer: 'typescript',
      parameters: { dimensions: [40, 30, 6], spacingMm: [0.5, 0.5, 3], voxelType: 'int16', edits: 2 },
    },
  });
  expect(prediction.image.instances?.map(({ sopInstanceUid }) => sopInstanceUid)).toEqual(
    [1, 2, 3, 4, 5, 6].map(slice => `1.2.3.${slice}`),
  );
  const bytes = Buffer.from('feffffff0000010002000300', 'hex');
  expect(prediction.provenance.inputSha256).toBe(createHash('sha256').update(bytes).digest('hex'));
});

test.each([
  [{}, {}],
  [
    { PatientID: ' P-1 ', IssuerOfPatientID: 'North', AccessionNumber: 'A7', PatientSex: 'F', PatientAge: '064Y' },
    { patientId: 'P-1', issuerOfPatientId: 'North', accessionNumber: 'A7', sex: 'female', ageBand: '60-69' },
  ],
  [
    { PatientSex: 'O', PatientAge: '099Y' },
    { sex: 'other', ageBand: '90+' },
  ],
  [{ PatientID: 'x'.repeat(70), PatientSex: 'U' }, { patientId: 'x'.repeat(64) }],
])('the header %j says of the person %j', async (header, subject) => {
  const { score } = await scored(header);
  expect((await predictionOf(score, HOST, [])).subject).toEqual(subject);
});

test('the scanner is named in letters that every program can write, or not at all', async () => {
  const named = await scored({ Manufacturer: 'Médical', ManufacturerModelName: '東芝 One' });
  expect((await predictionOf(named.score, HOST, [])).image.scanner).toEqual({
    manufacturer: 'Medical',
    model: '?? One',
  });
  const nameless = await scored();
  expect((await predictionOf(nameless.score, HOST, [])).image).not.toHaveProperty('scanner');
});

test('attachments are a mask of every vessel with calcium, and what was decided, without an identifier', async () => {
  const { score } = await scored({ PatientID: 'P-1', PatientName: 'Doe^Jane' });
  const attachments = await attachmentsOf(score);
  expect(attachments.map(({ name }) => name)).toEqual(['decisions', 'mask-LAD', 'mask-RCA']);
  for (const { sha256, content } of attachments) {
    const bytes = new Uint8Array(await content.arrayBuffer());
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  }
  const [decisions, lad] = await Promise.all(attachments.map(({ content }) => content.arrayBuffer()));
  const text = Buffer.from(decisions!).toString();
  expect(JSON.parse(text)).toMatchObject({ format: 'voxelwise-calcium decisions 1', region: null });
  expect(text).not.toMatch(/P-1|Doe|1\.2/);

  const { row, start, end } = voxelsOfLabel(score.labeled, 'LAD');
  const voxels = row.reduce((sum, _, run) => sum + end[run]! - start[run]!, 0);
  const bits = [...new Uint8Array(lad!)].reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
  expect(bits).toBe(voxels);
});

test('a score that is being computed, or is none, is not logged', async () => {
  const { session, store } = await scored();
  store.set({ scoring: 0 });
  expect(() => scoreOnScreen(session)).toThrow('the score is still being computed');
  store.set({ scoring: null, labeled: applyEdits(store.get().labeled!.set, []) });
  expect(() => scoreOnScreen(session)).toThrow('there is no result yet');
});
