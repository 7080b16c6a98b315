import type { CalciumPayload } from '@voxelwise/records';
import { correctedPayload, type FormRow, formRowsOf } from './corrected-payload.ts';

const PAYLOAD: CalciumPayload = {
  agatston: 120.5,
  volumeMm3: 98.25,
  massMg: null,
  lesions: 3,
  vessels: [
    { vessel: 'LAD', agatston: 100.5, volumeMm3: 80.25, massMg: null, lesions: 2 },
    { vessel: 'RCA', agatston: 20, volumeMm3: 18, massMg: null, lesions: 1 },
  ],
};
const withRow = (vessel: FormRow['vessel'], change: Partial<FormRow>) =>
  formRowsOf(PAYLOAD).map(row => (row.vessel === vessel ? { ...row, ...change } : row));

test('what nobody has typed over stays as it was, with every vessel named', () => {
  const corrected = correctedPayload(formRowsOf(PAYLOAD), PAYLOAD);
  expect(corrected).toMatchObject({ agatston: 120.5, volumeMm3: 98.25, massMg: null, lesions: 3 });
  expect(corrected?.vessels.map(({ vessel, agatston }) => [vessel, agatston])).toEqual([
    ['LM', 0],
    ['LAD', 100.5],
    ['LCX', 0],
    ['RCA', 20],
  ]);
});

test('fields show two decimals, and what is not typed over keeps all of its digits', () => {
  const vessels = PAYLOAD.vessels.map(row => ({ ...row, agatston: row.agatston + 1 / 3 }));
  const exact = { ...PAYLOAD, vessels };
  const rows = formRowsOf(exact);
  expect(rows.map(({ agatston }) => agatston)).toEqual(['0', '100.83', '0', '20.33']);
  expect(correctedPayload(rows, exact)?.vessels[1]?.agatston).toBe(100.5 + 1 / 3);
  const typed = rows.map(row => (row.vessel === 'LAD' ? { ...row, agatston: '100.8' } : row));
  expect(correctedPayload(typed, exact)?.vessels[1]?.agatston).toBe(100.8);
});

test('totals follow from the vessels', () => {
  const rows = withRow('LCX', { agatston: '9.5', lesions: '1', volumeMm3: '7' });
  expect(correctedPayload(rows, PAYLOAD)).toMatchObject({ agatston: 130, lesions: 4, volumeMm3: 105.25 });
});

test('a mass is corrected where there is one', () => {
  const vessels = PAYLOAD.vessels.map(row => ({ ...row, massMg: 2 }));
  const calibrated = { ...PAYLOAD, massMg: 4, vessels };
  expect(correctedPayload(formRowsOf(calibrated), calibrated)?.massMg).toBe(4);
});

test.each<Partial<FormRow>>([
  { agatston: '' },
  { agatston: '-1' },
  { agatston: 'many' },
  { agatston: 'Infinity' },
  { lesions: '1.5' },
  { lesions: '0' },
  { volumeMm3: ' ' },
])('%j is no score', change => {
  expect(correctedPayload(withRow('LAD', change), PAYLOAD)).toBeNull();
});
