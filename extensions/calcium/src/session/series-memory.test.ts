import { decide } from '@voxelwise/host';
import { DEFAULT_CONVENTION, enteredCalibration } from '../core/index.ts';
import { NOTHING_DECIDED } from './decisions.ts';
import { createSeriesMemory, NOTHING_CHOSEN, type SeriesChoices } from './series-memory.ts';

const CHOSEN: SeriesChoices = {
  history: decide(NOTHING_DECIDED, { edits: [] }),
  convention: { ...DEFAULT_CONVENTION, connectivity: 4, thresholdHu: 150 },
  thresholds: 'by-kvp',
  calibration: enteredCalibration({ factor: 0.8, unit: 'mg/cm3/HU', date: '2026-01-31', text: 'phantom' }),
  zeroConfirmed: true,
};

test('a series that was left comes back with everything that was decided, chosen and entered for it', () => {
  const memory = createSeriesMemory();
  memory.leave('A', CHOSEN);
  memory.leave('B', NOTHING_CHOSEN);
  expect(memory.choicesFor('A', NOTHING_CHOSEN)).toEqual(CHOSEN);
  expect(memory.choicesFor('B', CHOSEN)).toEqual(NOTHING_CHOSEN);
  expect([memory.hasSeen('A'), memory.hasSeen('C')]).toEqual([true, false]);
});

test('a series that is new is scored as the last one was, and has nothing else of it', () => {
  const { convention, thresholds } = CHOSEN;
  expect(createSeriesMemory().choicesFor('new', CHOSEN)).toEqual({ ...NOTHING_CHOSEN, convention, thresholds });
});

test('what is entered of a person holds for the study', () => {
  const memory = createSeriesMemory();
  memory.enterPerson('study', { systolicMmHg: 130, sex: 'female' });
  memory.enterPerson('study', { sex: null, tableGroup: 'A' });
  expect(memory.enteredPerson('study')).toEqual({ systolicMmHg: 130, sex: null, tableGroup: 'A' });
  expect(memory.enteredPerson('another')).toEqual({});
});
