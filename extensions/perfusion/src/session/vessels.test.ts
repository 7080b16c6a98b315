import { survey } from '../core/index.ts';
import { strokePhantom } from '../core/phantoms/index.ts';
import { NOTHING_DECIDED } from './decisions.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import { chosenVessels, editedVessel, shownVessels, vesselHint } from './vessels.ts';

const phantom = strokePhantom({ dimensions: [64, 64, 3], sliceIncrementMm: 25, timePoints: 30, intervalS: 2 });
const series = { volume: phantom.volume } as PerfusionSeries;
const found = survey(phantom.volume);
const { present } = NOTHING_DECIDED;

test('a click moves a vessel, or adds a voxel, or takes it out', () => {
  expect(editedVessel([3, 9], 5, 'move')).toEqual([5]);
  expect(editedVessel([3, 9], 5, 'extend')).toEqual([3, 5, 9]);
  expect(editedVessel([3, 5, 9], 5, 'extend')).toEqual([3, 9]);
  expect(editedVessel([5], 5, 'extend')).toEqual([]);
});

test('the vessels on show are those that were found, until the reader chooses others', () => {
  expect(shownVessels({ survey: null, history: NOTHING_DECIDED })).toEqual({ aif: [], vof: [] });
  const automatic = shownVessels({ survey: found, history: NOTHING_DECIDED });
  expect(automatic.aif).toEqual(Array.from(found.aif!.voxels));
  const history = { ...NOTHING_DECIDED, present: { ...present, aif: [17], vof: [] } };
  expect(shownVessels({ survey: found, history })).toEqual({ aif: [17], vof: [] });
});

test('curves say who has chosen their voxels, and without a vein nothing is scaled', () => {
  const automatic = chosenVessels(series, found, present);
  expect([automatic.aif.chosenBy, automatic.vof?.chosenBy]).toEqual(['automatic', 'automatic']);
  const artery = phantom.arteryVoxels[0]!;
  const own = chosenVessels(series, found, { ...present, aif: [artery], vof: [] });
  expect([own.aif.chosenBy, own.vof, own.input.factor]).toEqual(['reader', null, 1]);
  expect(own.aif.curve[12]).toBeCloseTo(phantom.aif[12]!, 3);
});

test('without an artery the reader is asked for one', () => {
  expect(() => chosenVessels(series, { ...found, aif: null }, present)).toThrow('Choose the tool AIF (A)');
});

test('a voxel whose curve does not rise is no vessel', () => {
  expect(vesselHint(series, found, phantom.arteryVoxels[0]!)).toBe('');
  expect(vesselHint(series, found, 0)).toContain('does not rise');
});
