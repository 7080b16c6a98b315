import { conventionsKey } from '@voxelwise/records';
import { DEFAULT_CONVENTION, enteredCalibration } from '../core/index.ts';
import { conventionsOf, payloadKey, payloadOf } from './calcium-payload.ts';
import { scoringOf } from './scoring.test-support.ts';
import { scoreTable } from './state.ts';

const CALIBRATION = enteredCalibration({ factor: 0.8, unit: 'mg/cm3/HU', date: '2026-11-30', text: '' });

test('the payload is the table, unrounded, every vessel with its own row', async () => {
  const { store } = await scoringOf();
  const table = scoreTable(store.get())!;
  const payload = payloadOf(table);
  expect(payload.vessels.map(({ vessel }) => vessel)).toEqual(['LM', 'LAD', 'LCX', 'RCA']);
  expect(payload.agatston).toBe(table.total.agatston);
  expect(payload.massMg).toBeNull();
});

test('conventions hold everything that changes a score', () => {
  expect(conventionsOf(DEFAULT_CONVENTION, 'standard-130', CALIBRATION)).toEqual({
    thresholdHu: 130,
    thresholds: 'standard-130',
    weightEdgesHu: [130, 200, 300, 400],
    connectivity: 8,
    minimumLesionAreaMm2: 1,
    equivalent3mm: true,
    volumeMethod: 'voxels',
    massFactorMgPerMm3Hu: 0.0008,
    massCalibration: 'entered',
  });
  const byPixels = { ...DEFAULT_CONVENTION, minimumLesion: { rule: 'pixels', pixels: 3 } } as const;
  expect(conventionsOf(byPixels, 'by-kvp', null)).toMatchObject({ minimumLesionPixels: 3, thresholds: 'by-kvp' });
});

test('keys are the same for the same, in whatever order a database gives its parts', () => {
  const conventions = conventionsOf(DEFAULT_CONVENTION, 'standard-130', null);
  const reordered = Object.fromEntries(Object.entries(conventions).reverse());
  expect(conventionsKey(reordered)).toBe(conventionsKey(conventions));
  const other = conventionsOf({ ...DEFAULT_CONVENTION, thresholdHu: 131 }, 'standard-130', null);
  expect(conventionsKey(other)).not.toBe(conventionsKey(conventions));

  const row = { agatston: 1.5, volumeMm3: 2, massMg: null, lesions: 1 };
  const empty = { agatston: 0, volumeMm3: 0, massMg: null, lesions: 0 };
  const payload = {
    ...row,
    vessels: [
      { vessel: 'LAD' as const, ...row },
      { vessel: 'LM' as const, ...empty },
    ],
  };
  const same = { ...payload, vessels: [...payload.vessels].reverse() };
  expect(payloadKey(same)).toBe(payloadKey(payload));
  expect(payloadKey({ ...payload, volumeMm3: 2.0000001 })).not.toBe(payloadKey(payload));
});
