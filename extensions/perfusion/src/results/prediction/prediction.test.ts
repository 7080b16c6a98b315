import { createHash } from 'node:crypto';
import type { Host } from '@voxelwise/host';
import { RELATIVE_CONSTANTS } from '../../core/index.ts';
import { TEST_HEADERS, TEST_REGION, testResult, testStroke } from '../perfusion-result.test-support.ts';
import {
  perfusionAttachments,
  perfusionConventions,
  perfusionPayload,
  perfusionPayloadKey,
  perfusionPrediction,
} from './index.ts';

const HOST = { appConfig: { '@voxelwise/host': { ohifVersion: '3.13.2' } } } as unknown as Host;
const INSTANCES = [1, 2].map(number => ({ ...TEST_HEADERS, SOPInstanceUID: `2.25.100.${number}` }));
const VOXELS = Int16Array.from([-2, -1, 0, 258]);

test('the payload has the volumes and the means of every region, unrounded, and no name that a reader gave', () => {
  const region = { ...TEST_REGION, name: 'Herr Müller, left' };
  const payload = perfusionPayload(testResult({ regions: [region] }));
  expect(payload).toMatchObject({
    maps: ['CBF', 'CBV', 'MTT', 'Tmax', 'TTP'],
    coreVolumeMl: testStroke().coreMl,
    hypoperfusedVolumeMl: testStroke().hypoperfusedMl,
  });
  expect(payload.regions).toHaveLength(7);
  expect(payload.regions[0]).toEqual({ label: 'region-1', map: 'CBF', mean: 23.4, unit: 'ml/100g/min', voxels: 12 });
  expect(payload.regions[6]).toMatchObject({ label: 'region-1-mirrored', map: 'CBV', mean: 3.1, unit: 'ml/100g' });
  expect(JSON.stringify(payload)).not.toContain('ller');
});

test('without volumes and per 100 mL', () => {
  const { settings } = testResult();
  const payload = perfusionPayload(
    testResult({ stroke: null, settings: { ...settings, constants: RELATIVE_CONSTANTS } }),
  );
  expect(payload).toMatchObject({ coreVolumeMl: null, hypoperfusedVolumeMl: null });
  expect(payload.regions.slice(0, 3).map(({ unit }) => unit)).toEqual(['ml/100ml/min', 'ml/100ml', 's']);
});

test('conventions hold everything that changes a result', () => {
  expect(perfusionConventions(testResult())).toEqual({
    signal: 'attenuation',
    timePoints: 6,
    intervalS: 1.5,
    isResampled: false,
    baseline: [0, 2],
    temporalSigmaS: 0,
    spatialSigmaMm: 2,
    method: 'lr',
    maximumIterations: 200,
    noiseFactor: 1.05,
    hematocritFactor: 0.73,
    densityGPerMl: 1.04,
    aifChosenBy: 'automatic',
    aifScale: 1.2345678901234,
    vofChosenBy: 'reader',
    coreFlowPart: 0.3,
    coreReference: 'the median CBF of the same tissue on the other side',
    hypoperfusionTmaxS: 6,
    severeTmaxS: 10,
    leastMl: 0.1 + 0.2,
    volumeMethod: 'csvd',
    volumeTruncation: 0.1,
  });
  const { settings } = testResult();
  const ofMr = perfusionConventions(
    testResult({
      stroke: null,
      settings: {
        ...settings,
        vof: null,
        signal: { kind: 'susceptibility', echoTimeS: 0.03 },
        method: { name: 'osvd', oscillationTarget: 0.1 },
      },
    }),
  );
  expect(ofMr).toMatchObject({ signal: 'susceptibility', echoTimeS: 0.03, method: 'osvd', oscillationTarget: 0.1 });
  expect(ofMr).not.toHaveProperty('coreFlowPart');
});

test('volumes by another least island are another prediction, not a review of this one', () => {
  const { rules } = testStroke();
  const conventionsWith = (leastMl: number | null) =>
    perfusionConventions(testResult({ stroke: testStroke({ rules: { ...rules, leastMl } }) }));
  expect(conventionsWith(3)).toEqual({ ...conventionsWith(1), leastMl: 3 });
  expect(conventionsWith(null)).not.toHaveProperty('leastMl');
});

test('equal results have the same key, others another one', () => {
  const payload = perfusionPayload(testResult());
  const reordered = { ...payload, maps: payload.maps.toReversed(), regions: payload.regions.toReversed() };
  expect(perfusionPayloadKey(reordered)).toBe(perfusionPayloadKey(payload));
  expect(perfusionPayloadKey({ ...payload, coreVolumeMl: 2.0000001 })).not.toBe(perfusionPayloadKey(payload));
});

test('a prediction holds result, images, provenance, and the digest of the voxels in little-endian order', async () => {
  const prediction = await perfusionPrediction(testResult(), { instances: INSTANCES, voxels: VOXELS }, HOST, []);
  expect(prediction).toMatchObject({
    kind: 'perfusion',
    payload: perfusionPayload(testResult()),
    subject: { patientId: 'P-1', accessionNumber: 'A-1', sex: 'male' },
    image: {
      studyUid: '2.25.99',
      seriesUid: '2.25.100',
      modality: 'CT',
      instances: [{ sopInstanceUid: '2.25.100.1' }, { sopInstanceUid: '2.25.100.2' }],
      scanner: { manufacturer: 'Test Works', model: 'CT 1' },
    },
    algorithm: { name: 'Voxelwise perfusion', version: '9.9.9' }, // the result's own, and not that of today
    confidence: null,
    provenance: {
      viewer: { name: 'OHIF', version: '3.13.2' },
      extension: { name: '@voxelwise/perfusion', version: '9.9.9' },
      producer: 'wasm',
      timingsMs: { maps: 812.25, stroke: 45.5 },
      parameters: {
        dimensions: [9, 7, 4],
        voxelType: 'int16',
        aifVoxelCount: 3,
        aifVoxels: [10, 11, 75],
        vofVoxels: [200],
      },
    },
  });
  const bytes = Buffer.from('feffffff00000201', 'hex');
  expect(prediction.provenance.inputSha256).toBe(createHash('sha256').update(bytes).digest('hex'));
  expect(JSON.stringify(prediction)).not.toContain('ller');
});

test('an image that is given once for each of its frames is named once', async () => {
  const frames = [0, 0, 1, 1].map(index => INSTANCES[index]!);
  const { image } = await perfusionPrediction(testResult(), { instances: frames, voxels: VOXELS }, HOST, []);
  expect(image.instances).toEqual([{ sopInstanceUid: '2.25.100.1' }, { sopInstanceUid: '2.25.100.2' }]);
});

test('a choice of many voxels is counted, and not listed', async () => {
  const { settings } = testResult();
  const many = testResult({
    settings: { ...settings, aif: { ...settings.aif, voxels: Array.from({ length: 65 }, (_, i) => i) } },
  });
  const { provenance } = await perfusionPrediction(many, { instances: INSTANCES, voxels: VOXELS }, HOST, []);
  expect(provenance.parameters).toMatchObject({ aifVoxelCount: 65 });
  expect(provenance.parameters).not.toHaveProperty('aifVoxels');
});

test('attachments are masks, and settings with curves, without an identifier or the name of a region', async () => {
  const result = testResult({ regions: [{ ...TEST_REGION, name: 'Müller' }] });
  const attachments = await perfusionAttachments(result);
  expect(attachments.map(({ name }) => name)).toEqual(['settings', 'mask-core', 'mask-hypoperfusion']);
  const contents = await Promise.all(
    attachments.map(async ({ content }) => new Uint8Array(await content.arrayBuffer())),
  );
  attachments.forEach(({ sha256 }, index) => {
    expect(createHash('sha256').update(contents[index]!).digest('hex')).toBe(sha256);
  });
  const text = Buffer.from(contents[0]!).toString();
  expect(JSON.parse(text)).toMatchObject({ settings: JSON.parse(JSON.stringify(result.settings)) });
  expect(text).not.toMatch(/ller|P-1|2\.25/);
  const bits = contents[1]!.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
  expect(bits).toBe(result.stroke!.core.reduce((sum, voxel) => sum + voxel, 0));
  expect((await perfusionAttachments(testResult({ stroke: null }))).map(({ name }) => name)).toEqual(['settings']);
});
