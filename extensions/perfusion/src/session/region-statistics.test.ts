import { survey } from '../core/index.ts';
import { strokePhantom } from '../core/phantoms/index.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import { hemispheres } from './region-statistics.ts';
import type { ComputedMaps } from './state.ts';

// The true maps of a stroke on the side of smaller x.
const phantom = strokePhantom({ dimensions: [64, 64, 3], sliceIncrementMm: 25, timePoints: 30, intervalS: 2 });
const found = survey(phantom.volume);
const hemispheresAlong = (orientation: unknown) =>
  hemispheres({ maps: phantom.maps } as ComputedMaps, found, {
    volume: phantom.volume,
    instances: [{ ImageOrientationPatient: orientation }],
  } as unknown as PerfusionSeries);

test('rows that run to the left of the patient begin with the right hemisphere', () => {
  for (const orientation of [
    [1, 0, 0, 0, 1, 0],
    ['0.98', '0.17', '0', '-0.17', '0.98', '0'],
  ]) {
    const { maps, mirrored } = hemispheresAlong(orientation)!;
    expect(maps.CBF!.mean).toBeLessThan(0.95 * mirrored!.maps.CBF!.mean);
  }
});

test('rows that run to the right begin with the left hemisphere', () => {
  const [usual, turned] = [
    [1, 0, 0, 0, 1, 0],
    [-1, 0, 0, 0, -1, 0],
  ].map(hemispheresAlong);
  expect(turned!.mirrored!.maps).toEqual(usual!.maps);
  expect(turned!.maps).toEqual(usual!.mirrored!.maps);
});

test('rows that run to the back, or nobody knows where, have no right and left', () => {
  expect(hemispheresAlong([0, 1, 0, 0, 0, -1])).toBeNull();
  expect(hemispheresAlong(undefined)).toBeNull();
});
