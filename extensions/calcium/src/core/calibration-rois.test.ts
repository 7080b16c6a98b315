import { seededRandom } from './calcium.test-support.ts';
import {
  type CalibrationRoi,
  calibrationFromPlain,
  calibrationFromRois,
  describeMass,
  ellipseProblem,
  measureEllipse,
  NO_VOXEL_HU,
} from './index.ts';

const SIZE = 60;
const random = seededRandom(1);
/** Noise of about this standard deviation: the sum of 12 uniform numbers is nearly normal. */
const noise = (sdHu: number) => sdHu * (Array.from({ length: 12 }, random).reduce((a, b) => a + b) - 6);

/** A slice of 0 HU with a disc of 250 HU, 12 pixels in radius, around [20, 30]. */
const sliceWith = (sdHu: number) =>
  Float64Array.from({ length: SIZE * SIZE }, (_, at) => {
    const isInsert = Math.hypot((at % SIZE) - 20, Math.floor(at / SIZE) - 30) <= 12;
    return (isInsert ? 250 : 0) + noise(sdHu);
  });

const measureAt = (hu: ArrayLike<number>, x: number, y: number, rx: number, ry = rx) =>
  measureEllipse(hu, [SIZE, SIZE], { centre: [x, y], radii: [rx, ry] });

function roiAt(hu: ArrayLike<number>, x: number, y: number, r: number): CalibrationRoi {
  const { pixels, meanHu, sdHu } = measureAt(hu, x, y, r);
  return { slice: 4, imageName: 'image 5', centre: [x, y], radii: [r, r], pixels, meanHu, sdHu };
}

const given = { densityMgPerCm3: 200, date: '2026-01-31', text: 'Scanner 1' };

describe('an ellipse on a slice', () => {
  test('holds the pixels with their centre inside, the rim included', () => {
    const ramp = Float64Array.from({ length: SIZE * SIZE }, (_, at) => at % SIZE);
    expect(measureAt(ramp, 10, 10, 1)).toEqual({ pixels: 5, meanHu: 10, sdHu: Math.sqrt(2 / 4), isCut: false });
    expect(measureAt(ramp, 10, 10, 3, 0)).toMatchObject({ pixels: 7, meanHu: 10 });
    expect(measureAt(ramp, 10.5, 10, 0.6, 0.6)).toMatchObject({ pixels: 2, meanHu: 10.5 });
    expect(measureAt(ramp, 10, 10, 0)).toMatchObject({ pixels: 1, sdHu: 0 });
  });

  test('agrees with a slow definition', () => {
    const hu = sliceWith(20);
    for (let i = 0; i < 50; i++) {
      const [x, y, rx, ry] = [20 + 20 * random(), 20 + 20 * random(), 1 + 15 * random(), 1 + 15 * random()];
      const inside = [...hu].filter(
        (_, at) => ((at % SIZE) - x) ** 2 / rx ** 2 + (Math.floor(at / SIZE) - y) ** 2 / ry ** 2 <= 1,
      );
      const meanHu = inside.reduce((a, b) => a + b, 0) / inside.length;
      const variance = inside.reduce((sum, value) => sum + (value - meanHu) ** 2, 0) / (inside.length - 1);
      const measured = measureAt(hu, x, y, rx, ry);
      expect(measured.pixels).toBe(inside.length);
      expect(measured.meanHu).toBeCloseTo(meanHu, 9);
      expect(measured.sdHu).toBeCloseTo(Math.sqrt(variance), 9);
    }
  });

  test('that is too small, or reaches beyond the image or into padding, is no region', () => {
    const hu = sliceWith(10);
    expect(ellipseProblem(measureAt(hu, 20, 30, 2))).toBe(
      'The region holds 13 pixels, too few to measure: draw it larger, with at least 20.',
    );
    expect(ellipseProblem(measureAt(hu, 20, 30, 0))).toMatch(/^The region holds 1 pixel, /);
    expect(ellipseProblem(measureAt(hu, 20, 30, 5))).toBe('');
    expect(ellipseProblem(measureAt(hu, 4, 30, 5))).toMatch(/beyond the image/);
    expect(ellipseProblem(measureAt(hu, 30, 57, 5))).toMatch(/beyond the image/);
    expect(ellipseProblem(measureAt(hu, -50, 30, 5))).toMatch(/beyond the image/);
    hu[30 * SIZE + 22] = NO_VOXEL_HU;
    expect(measureAt(hu, 20, 30, 5)).toMatchObject({ pixels: 80, isCut: true });
  });
});

describe('a calibration from two regions', () => {
  const hu = sliceWith(20);
  const rois = { insert: roiAt(hu, 20, 30, 10), water: roiAt(hu, 45, 30, 10) };

  test('is density over the difference of their means, and keeps where they were', () => {
    const { factorMgPerMm3Hu, origin } = calibrationFromRois({ ...given, rois });
    expect(1000 * factorMgPerMm3Hu).toBeCloseTo(0.8, 1);
    expect(1000 * factorMgPerMm3Hu).toBeCloseTo(200 / (rois.insert.meanHu - rois.water.meanHu), 12);
    expect(origin).toMatchObject({ kind: 'measured', insertMeanHu: rois.insert.meanHu, rois });
  });

  test('comes back from JSON, and is refused when somebody has changed a mean', () => {
    const calibration = calibrationFromRois({ ...given, rois });
    const plain = JSON.parse(JSON.stringify(calibration));
    expect(calibrationFromPlain(plain)).toEqual(calibration);
    const change = (part: object) => ({
      ...plain,
      origin: { ...plain.origin, rois: { ...plain.origin.rois, water: { ...rois.water, ...part } } },
    });
    expect(() => calibrationFromPlain(change({ meanHu: 5 }))).toThrow('are not those of its regions');
    expect(() => calibrationFromPlain(change({ slice: 1.5 }))).toThrow('a region of its calibration cannot be');
    expect(() => calibrationFromPlain(change({ radii: [-1, 2] }))).toThrow('is negative');
    expect(() => calibrationFromPlain(change({ centre: 'here' }))).toThrow('the centre of a region');
  });

  test('says in words how large, how noisy and where they were', () => {
    const lines = describeMass(
      calibrationFromRois({
        ...given,
        rois: {
          insert: { ...rois.insert, pixels: 613, meanHu: 315.14, sdHu: 22.43, centre: [257.6, 217.8] },
          water: { ...rois.water, pixels: 317, meanHu: 36.53, sdHu: 19.96, centre: [232, 176] },
        },
      }),
      130,
    );
    expect(lines.slice(1)).toEqual([
      'Mass calibration: measured on 200 mg/cm³ HA (mean 315.1 HU, water 36.5 HU) 2026-01-31, Scanner 1',
      'Calibration regions: insert 613 px, SD 22.4 HU, at [258, 218] in image 5; water 317 px, SD 20 HU, at [232, 176] in image 5',
    ]);
  });

  test('is refused, with a sentence, where the regions are the wrong way round, not of one material, or too noisy', () => {
    const from = (insert: CalibrationRoi, water: CalibrationRoi) => () =>
      calibrationFromRois({ ...given, rois: { insert, water } });
    expect(from(rois.water, rois.insert)).toThrow(/must be brighter than water/);
    expect(from(rois.water, roiAt(hu, 45, 10, 8))).toThrow(RangeError);
    // Over the rim of the insert: a mean of both materials.
    expect(from(roiAt(hu, 26, 30, 10), rois.water)).toThrow(/^The region in the insert spreads too much .*rim/);
    expect(from(rois.insert, roiAt(hu, 36, 30, 6))).toThrow(/^The region in the water spreads too much/);
    // Of one material, but few pixels with much noise.
    const noisy = sliceWith(45);
    expect(from(roiAt(noisy, 20, 30, 3), roiAt(noisy, 45, 30, 3))).toThrow(/because of the noise: draw them larger/);
    expect(from(roiAt(noisy, 20, 30, 11), roiAt(noisy, 45, 30, 11))).not.toThrow();
    expect(() => calibrationFromRois({ ...given, densityMgPerCm3: 800, rois })).toThrow(/not between 0\.3 and 1\.5/);
  });
});
