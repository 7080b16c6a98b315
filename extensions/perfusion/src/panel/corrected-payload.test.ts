import { correctedVolumes, shownVolume } from './corrected-payload.ts';

const payload = { maps: [], coreVolumeMl: 12.3456, hypoperfusedVolumeMl: null, regions: [] };

test('what was not typed over keeps its digits', () => {
  const typed = { core: shownVolume(12.3456), hypoperfused: '40.5' };
  expect(correctedVolumes(typed, payload)).toEqual({ ...payload, hypoperfusedVolumeMl: 40.5 });
});

test('an empty field is not measured, and what is no volume is nothing', () => {
  expect(correctedVolumes({ core: '', hypoperfused: '' }, payload)?.coreVolumeMl).toBeNull();
  expect(correctedVolumes({ core: '-1', hypoperfused: '' }, payload)).toBeNull();
  expect(correctedVolumes({ core: 'much', hypoperfused: '' }, payload)).toBeNull();
});
