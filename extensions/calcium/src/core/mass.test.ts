import { forSeeds, integer, lesionAt, lesionsOf, randomVolume, volumeWith } from './calcium.test-support.ts';
import { calendarDay, describeMass, enteredCalibration, measuredCalibration, scoreMass } from './index.ts';

const entered = (factor: number, unit: 'mg/cm3/HU' | 'mg/mm3/HU' = 'mg/mm3/HU') =>
  enteredCalibration({ factor, unit, date: '2024-02-29', text: 'Test Works CT 1, 120 kV' });
const measured = (densityMgPerCm3: number, insertMeanHu: number, waterMeanHu: number) =>
  measuredCalibration({ densityMgPerCm3, insertMeanHu, waterMeanHu, date: '2024-02-29', text: '' });

test('the day of a calibration is that where it is made, not that in Greenwich', () => {
  const offset = jest.spyOn(Date.prototype, 'getTimezoneOffset');
  offset.mockReturnValue(-540); // Tokyo
  expect(calendarDay(new Date('2026-03-03T20:00:00Z'))).toBe('2026-03-04');
  offset.mockReturnValue(480); // Los Angeles
  expect(calendarDay(new Date('2026-03-04T02:00:00Z'))).toBe('2026-03-03');
  offset.mockRestore();
});

describe('scoreMass', () => {
  test('A8: 4 x 4 pixels of 400 HU at 0.0008 mg/mm3/HU are 3.84 mg', () => {
    const set = lesionsOf(
      volumeWith([64, 64, 6], [0.5, 0.5, 3], (x, y, z) =>
        z === 2 && x >= 10 && x < 14 && y >= 10 && y < 14 ? 400 : 40,
      ),
    );
    expect(scoreMass(set, entered(0.0008)).massMg).toBeCloseTo(3.84, 12);
    expect(scoreMass(set, entered(0.8, 'mg/cm3/HU')).massMg).toBeCloseTo(3.84, 12);
    expect(scoreMass(set, entered(0.0008)).meanHu).toBe(400);
  });

  test('A9: 4 x 2 x 2 voxels of 400 HU at 0.00075 mg/mm3/HU are 0.6 mg', () => {
    const set = lesionsOf(volumeWith([4, 4, 2], [0.5, 0.5, 0.5], x => (x < 2 ? 400 : 0)));
    expect(scoreMass(set, entered(0.00075)).massMg).toBeCloseTo(0.6, 12);
  });

  test('without a calibration is not available, and nothing has no mean', () => {
    const set = lesionsOf(volumeWith([8, 8, 2], [1, 1, 3], () => 300));
    expect(scoreMass(set, null)).toEqual({ massMg: null, meanHu: 300 });
    expect(scoreMass(set, entered(0.0008), () => false)).toEqual({ massMg: 0, meanHu: null });
  });

  test('is factor x mean x volume of each lesion’s own voxels, and adds up', async () => {
    await forSeeds(10, random => {
      const volume = randomVolume(random, [24, 14, 4], integer(random, 1, 6) / 10, [0.45, 0.55, 2.5]);
      const [nx, ny] = volume.dimensions;
      const set = lesionsOf(volume, random() < 0.5 ? {} : { volumeMethod: 'isotropic' });
      const values: number[][] = Array.from({ length: set.lesions.count }, () => []);
      for (const [voxel, hu] of volume.voxels.entries()) {
        const lesion = lesionAt(set, voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny)));
        if (lesion >= 0) values[lesion]!.push(hu);
      }
      let total = 0;
      for (const [lesion, hu] of values.entries()) {
        const { massMg, meanHu } = scoreMass(set, entered(0.0007), each => each === lesion);
        const mean = hu.reduce((sum, value) => sum + value, 0) / hu.length;
        expect(meanHu).toBeCloseTo(mean, 9);
        expect(massMg).toBeCloseTo(0.0007 * mean * hu.length * 0.45 * 0.55 * 2.5, 9);
        total += massMg!;
      }
      expect(scoreMass(set, entered(0.0007)).massMg).toBeCloseTo(total, 9);
    });
  });

  test('doubles with the factor and with every spacing', async () => {
    await forSeeds(4, random => {
      const minimumLesion = { rule: 'pixels', pixels: 3 } as const;
      const volume = randomVolume(random, [24, 14, 4], 0.3, [0.4, 0.5, 2]);
      const mass = (spacingMm: readonly [number, number, number], factor = 0.0005) =>
        scoreMass(lesionsOf({ ...volume, spacingMm }, { minimumLesion }), entered(factor)).massMg!;
      const once = mass([0.4, 0.5, 2]);
      expect(mass([0.4, 0.5, 2], 0.001)).toBeCloseTo(2 * once, 9);
      for (const spacingMm of [
        [0.8, 0.5, 2],
        [0.4, 1, 2],
        [0.4, 0.5, 4],
      ] as const) {
        expect(mass(spacingMm)).toBeCloseTo(2 * once, 9);
      }
    });
  });
});

describe('a calibration', () => {
  test('from two regions is density over the difference of their means', () => {
    expect(measured(200, 270, 20).factorMgPerMm3Hu).toBeCloseTo(0.0008, 15);
    expect(measured(400, 560, 0).factorMgPerMm3Hu).toBeCloseTo(0.4 / 560, 15);
  });

  test.each<[string, () => unknown, RegExp]>([
    [
      'a factor in the wrong unit',
      () => entered(0.8),
      /800 mg\/cm³ per HU is not between 0\.3 and 1\.5: check its unit/,
    ],
    ['a factor in the other wrong unit', () => entered(0.0008, 'mg/cm3/HU'), /not between/],
    ['no factor', () => entered(Number.NaN), /NaN .*not between/],
    ['a factor of 0', () => entered(0), /not between/],
    ['a negative factor', () => entered(-0.0008), /not between/],
    ['an insert darker than water', () => measured(200, 10, 20), /\(mean 10 HU\) must be brighter than water/],
    ['an insert as dark as water', () => measured(200, 20, 20), /must be brighter/],
    ['an unknown mean', () => measured(200, Number.NaN, 20), /must be brighter/],
    ['no density', () => measured(0, 300, 20), /density cannot be 0/],
    ['the wrong insert', () => measured(800, 270, 20), /3\.2 mg\/cm³ per HU is not between/],
    [
      'a day that does not exist',
      () => enteredCalibration({ factor: 0.8, unit: 'mg/cm3/HU', date: '2023-02-29', text: '' }),
      /YYYY-MM-DD, not "2023-02-29"/,
    ],
    [
      'another way to write a day',
      () => enteredCalibration({ factor: 0.8, unit: 'mg/cm3/HU', date: '29.2.2024', text: '' }),
      /YYYY-MM-DD/,
    ],
  ])('refuses %s', (_, make, sentence) => {
    expect(make).toThrow(RangeError);
    expect(make).toThrow(sentence);
  });

  test('is told in words', () => {
    expect(describeMass(null, 130)).toEqual([
      'Mass: n/a, because no calibration of this scanner and protocol was given',
    ]);
    expect(describeMass(entered(0.72204771, 'mg/cm3/HU'), 130)).toEqual([
      'Mass: 0.722 mg/cm³ per HU x mean HU x volume, of voxels of HU >= 130, counted plainly',
      'Mass calibration: entered 2024-02-29, Test Works CT 1, 120 kV',
    ]);
    expect(describeMass(measured(200, 270.04, 19.96), 145)).toEqual([
      'Mass: 0.7997 mg/cm³ per HU x mean HU x volume, of voxels of HU >= 145, counted plainly',
      'Mass calibration: measured on 200 mg/cm³ HA (mean 270 HU, water 20 HU) 2024-02-29',
    ]);
  });
});
