import { forSeeds, integer, lesionsOf, randomVolume } from '../core/calcium.test-support.ts';
import { randomEdits } from '../core/editing/editing.test-support.ts';
import {
  applyEdits,
  type Convention,
  DEFAULT_CONVENTION,
  measuredCalibration,
  scoreLabel,
  VESSELS,
} from '../core/index.ts';
import type { CtSeries } from './ct-series.ts';
import {
  differenceInSums,
  savedFromText,
  savedText,
  settingsAsPlain,
  settingsFromPlain,
  vesselSums,
} from './saved-result.ts';
import type { CalciumState } from './state.ts';

const SAVED_AT = new Date('2026-03-04T05:06:07.089Z');

/** What saving reads of a series. */
const seriesOf = (dimensions: CtSeries['dimensions'], uids = [...Array(dimensions[2]).keys()].map(z => `1.2.${z}`)) =>
  ({ dimensions, loaded: { instances: uids.map(SOPInstanceUID => ({ SOPInstanceUID })) } }) as unknown as CtSeries;

/** What saving reads of a session. */
function stateOf(edits: CalciumState['history']['present']['edits'], change: Partial<CalciumState> = {}) {
  const region = {
    shapes: [
      { kind: 'ellipse', centre: [0.1 + 0.2, 5], radii: [30, 1 / 3], slices: [0, 2] },
      {
        kind: 'polygon',
        points: [
          [1, 2.5],
          [Math.PI, 4],
          [5, 6],
        ],
        slices: [3, 9],
      }, // prettier-ignore
    ],
  } as const;
  const roi = {
    slice: 1,
    imageName: 'image 2',
    centre: [0.1 + 0.2, 5],
    radii: [4, 1 / 3],
    pixels: 300,
    sdHu: 21.25,
  } as const;
  const calibrationRois = { insert: { ...roi, meanHu: 261.5 }, water: { ...roi, meanHu: 3.25 } };
  const calibration = measuredCalibration({
    densityMgPerCm3: 200,
    insertMeanHu: 261.5,
    waterMeanHu: 3.25,
    rois: calibrationRois,
    date: '2026-01-31',
    text: 'Scanner 1, 120 kV',
  });
  const scoredWith = { thresholds: 'by-kvp', region };
  const state = {
    history: { present: { edits, region, calibrationRois } },
    scoredWith,
    calibration,
    zeroConfirmed: false,
  };
  return { ...state, ...change } as unknown as CalciumState;
}

describe('a result kept as text', () => {
  test('gives equal decisions, settings and scores per vessel when it is reopened', async () => {
    await forSeeds(20, random => {
      const volume = randomVolume(random, [integer(random, 4, 30), integer(random, 4, 12), integer(random, 1, 4)], 0.3);
      const convention: Convention = {
        ...DEFAULT_CONVENTION,
        thresholdHu: 100 + random() * 60,
        connectivity: random() < 0.5 ? 4 : 8,
        minimumLesion: random() < 0.5 ? { rule: 'area', areaMm2: random() } : { rule: 'pixels', pixels: 3 },
        equivalent3mm: random() < 0.5,
        volumeMethod: random() < 0.5 ? 'isotropic' : 'voxels',
      };
      const set = lesionsOf(volume, convention);
      const labeled = applyEdits(set, randomEdits(random, set, 8));
      const edits = randomEdits(random, set, 8);
      const state = stateOf(edits, { zeroConfirmed: random() < 0.5 });
      const series = seriesOf(volume.dimensions);
      const reopened = savedFromText(savedText(state, applyEdits(set, edits), series, SAVED_AT), series);
      expect(reopened).toEqual({
        savedAt: SAVED_AT,
        decisions: state.history.present,
        convention,
        thresholds: 'by-kvp',
        calibration: state.calibration,
        zeroConfirmed: state.zeroConfirmed,
        sums: vesselSums(applyEdits(set, edits)),
      });
      const again = applyEdits(lesionsOf(volume, reopened.convention), reopened.decisions.edits);
      const scores = (of: typeof labeled) => VESSELS.map(vessel => scoreLabel(of, vessel));
      expect(scores(again)).toEqual(scores(applyEdits(set, edits)));
      expect(differenceInSums(reopened.sums, vesselSums(again))).toBe('');
    });
  });

  test('is not taken for another set of slices', () => {
    const set = lesionsOf(randomVolume(() => 0.5, [8, 8, 3], 0.9));
    const text = savedText(stateOf([]), applyEdits(set, []), seriesOf([8, 8, 3]), SAVED_AT);
    const reopen = (uids: string[]) => () => savedFromText(text, seriesOf([8, 8, uids.length], uids));
    expect(reopen(['1.2.0', '1.2.1', '1.2.2'])).not.toThrow();
    const otherSlices = /^it was made on 3 slices, which are not the \d that are loaded now$/;
    expect(reopen(['1.2.0', '1.2.1'])).toThrow(otherSlices);
    expect(reopen(['1.2.2', '1.2.1', '1.2.0'])).toThrow(otherSlices);
    expect(reopen(['1.2.0', '1.2.1', '1.2.3'])).toThrow(otherSlices);
  });
});

test('a vessel whose voxels are not what they were is named', () => {
  const set = lesionsOf(randomVolume(() => 0.5, [8, 8, 1], 0.9));
  const sums = vesselSums(applyEdits(set, []));
  const other = { ...sums, LAD: { voxels: 12, weightedPixels: 20 } };
  expect(differenceInSums(other, sums)).toBe('LAD had 12 voxels and has 0');
  expect(differenceInSums({ ...sums, LM: { voxels: 0, weightedPixels: 1 } }, sums)).toContain('LM');
});

describe('settings', () => {
  const set = lesionsOf(randomVolume(() => 0.5, [8, 8, 1], 0.9));
  const plain = JSON.parse(JSON.stringify(settingsAsPlain(stateOf([]), applyEdits(set, []))));

  test('come back from JSON', () => {
    expect({ format: plain.format, ...settingsFromPlain(plain) }).toEqual(plain);
    expect(settingsFromPlain({ ...plain, calibration: null, region: null })).toMatchObject({ calibration: null });
  });

  test.each([
    ['nothing', () => null, 'the settings cannot be read'],
    ['another format', () => ({ ...plain, format: 'x 2' }), 'it is in the format "x 2", which is not known here'],
    ['no convention', () => ({ ...plain, convention: undefined }), 'the convention cannot be read'],
    ['a threshold in words', () => withConvention({ thresholdHu: '130' }), 'its threshold is no number'],
    ['6 neighbours', () => withConvention({ connectivity: 6 }), 'its connectivity is neither 4 nor 8'],
    ['another volume', () => withConvention({ volumeMethod: 'guess' }), 'its volume method is not known'],
    ['another minimum', () => withConvention({ minimumLesion: { rule: 'none' } }), 'its minimum lesion is not known'],
    ['weights in disorder', () => withConvention({ weightEdgesHu: [130, 300, 200] }), 'its weights do not ascend'],
    ['the threshold of padding', () => withConvention({ thresholdHu: -32768 }), 'is one that padding reaches'],
    ['weights in words', () => withConvention({ weightEdgesHu: ['a'] }), 'a weight is no number'],
    [
      'a round region',
      () => ({ ...plain, region: { shapes: [{ kind: 'disc', slices: [0, 1] }] } }),
      'a shape of the heart region is not known',
    ],
    ['no weights', () => withConvention({ weightEdgesHu: [] }), 'it has no weights'],
    [
      'a negative area',
      () => withConvention({ minimumLesion: { rule: 'area', areaMm2: -1 } }),
      'its minimum area is negative',
    ],
    ['a region without shapes', () => withShape(), 'the heart region has no shape'],
    ['a fractional slice', () => withShape({ ...ELLIPSE, slices: [0.5, 2] }), 'slices 0.5 to 2, which cannot be'],
    ['slices in disorder', () => withShape({ ...ELLIPSE, slices: [3, 2] }), 'slices 3 to 2, which cannot be'],
    ['a slice below the first', () => withShape({ ...ELLIPSE, slices: [-1, 2] }), 'slices -1 to 2, which cannot be'],
    ['a negative radius', () => withShape({ ...ELLIPSE, radii: [-3, 2] }), 'a radius of an ellipse is negative'],
    [
      'an outline of two points',
      () =>
        withShape({
          kind: 'polygon',
          points: [
            [0, 0],
            [1, 1],
          ],
          slices: [0, 1],
        }),
      'an outline of 2 points',
    ],
    [
      'a region without slices',
      () => ({ ...plain, region: { shapes: [{ kind: 'ellipse' }] } }),
      'the slices of the heart region cannot be read',
    ],
    ['no sums', () => ({ ...plain, sums: {} }), 'the sum of LM cannot be read'],
    [
      'a calibration without a factor',
      () => ({ ...plain, calibration: { origin: { kind: 'entered' } } }),
      'its calibration factor is no number',
    ],
    [
      'a factor that was not measured',
      () => ({ ...plain, calibration: { ...plain.calibration, factorMgPerMm3Hu: 0.0008 } }),
      'its calibration factor is not the one that was measured',
    ],
    [
      'a factor in another unit',
      () => ({ ...plain, calibration: { ...plain.calibration, factorMgPerMm3Hu: 0.8, origin: { kind: 'entered' } } }),
      'check its unit',
    ],
  ])('with %s are refused, saying what is wrong', (_, settings, message) => {
    expect(() => settingsFromPlain(settings())).toThrow(message);
  });

  const ELLIPSE = { kind: 'ellipse', centre: [5, 5], radii: [3, 2], slices: [0, 1] };
  const withShape = (...shapes: object[]) => ({ ...plain, region: { shapes } });
  const withConvention = (change: object) => ({ ...plain, convention: { ...plain.convention, ...change } });
});
