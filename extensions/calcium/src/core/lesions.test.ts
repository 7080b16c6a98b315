import {
  forSeeds,
  integer,
  lesionAt,
  lesionsOf,
  positionOf,
  randomVolume,
  volumeWith,
} from './calcium.test-support.ts';
import { scoreByDefinition } from './definition.test-support.ts';
import { applyEdits, DEFAULT_CONVENTION, type HuVolume, type LesionSet, voxelsOfParts } from './index.ts';

/** "x,y,z" of a lesion's voxels. */
function keysOf(set: LesionSet, lesion: number): string[] {
  const { row, start, end } = voxelsOfParts(applyEdits(set, []), part => part === lesion);
  const ny = set.dimensions[1];
  return [...row].flatMap((r, i) =>
    Array.from({ length: end[i]! - start[i]! }, (_, n) => `${start[i]! + n},${r % ny},${Math.floor(r / ny)}`),
  );
}

/** The value at "x,y,z". */
function valueAt({ voxels, dimensions: [nx, ny] }: HuVolume, key: string): number {
  const [x, y, z] = key.split(',').map(Number) as [number, number, number];
  return voxels[x + nx * (y + ny * z)]!;
}

describe('findLesions equals the definition on random volumes', () => {
  test.each([
    [4, 0.1],
    [4, 0.3],
    [4, 0.6],
    [8, 0.05],
    [8, 0.15],
    [8, 0.3],
    [8, 0.9],
  ] as const)('%d-connected, density %d: components, lesions and their members', async (connectivity, density) => {
    await forSeeds(4, random => {
      const dimensions = [integer(random, 1, 40), integer(random, 1, 12), integer(random, 1, 5)] as const;
      const volume = randomVolume(random, dimensions, density);
      const convention = { ...DEFAULT_CONVENTION, connectivity };
      const expected = scoreByDefinition(volume, convention);
      const set = lesionsOf(volume, convention);
      const { components, lesions } = set;

      const listed = Array.from({ length: components.count }, (_, i) => [
        components.slice[i],
        components.pixels[i],
        components.peakHu[i],
        components.sumHu[i],
        components.weight[i],
      ]);
      expect(listed).toEqual(
        expected.components.map(({ slice, keys, peakHu, weight }) => {
          const sumHu = keys.reduce((sum, key) => sum + valueAt(volume, key), 0);
          return [slice, keys.length, peakHu, sumHu, weight];
        }),
      );

      expect(lesions.count).toBe(expected.lesions.length);
      expected.lesions.forEach((lesion, i) => {
        const slices = lesion.components.map(({ slice }) => slice);
        expect(new Set(keysOf(set, i))).toEqual(lesion.keys);
        expect(lesions.voxels[i]).toBe(lesion.keys.size);
        expect(lesions.components[i]).toBe(lesion.components.length);
        expect(lesions.weightedPixels[i]).toBe(
          lesion.components.reduce((sum, { keys, weight }) => sum + keys.length * weight, 0),
        );
        expect(lesions.sumHu[i]).toBe([...lesion.keys].reduce((sum, key) => sum + valueAt(volume, key), 0));
        expect(lesions.peakHu[i]).toBe(Math.max(...lesion.components.map(({ peakHu }) => peakHu)));
        expect([lesions.firstSlice[i], lesions.lastSlice[i]]).toEqual([Math.min(...slices), Math.max(...slices)]);
      });
      expected.components.forEach((component, i) => {
        expect(expected.lesions[components.lesion[i]!]!.keys.has(component.keys[0]!)).toBe(true);
      });
    });
  });

  test('a lesion’s peak voxel is the first of its brightest voxels, also where components share the peak', async () => {
    await forSeeds(30, random => {
      // Few different values and three slices, so that components of one lesion often tie.
      const volume = volumeWith([14, 10, 3], [1, 1, 3], () => (random() < 0.35 ? 200 + 50 * integer(random, 0, 1) : 0));
      const set = lesionsOf(volume);
      for (let lesion = 0; lesion < set.lesions.count; lesion++) {
        const members = [...volume.voxels.keys()].filter(
          voxel => lesionAt(set, ...positionOf(voxel, volume.dimensions)) === lesion,
        );
        const peak = Math.max(...members.map(voxel => volume.voxels[voxel]!));
        expect(set.lesions.peakHu[lesion]).toBe(peak);
        expect(set.lesions.peakVoxel[lesion]).toBe(members.find(voxel => volume.voxels[voxel] === peak));
      }
    });
  });
});

test('every run knows its component, and the values of its voxels', async () => {
  await forSeeds(10, random => {
    const volume = randomVolume(random, [integer(random, 1, 40), 9, 4], 0.3);
    const { runs, componentOfRun, lesionOfRun, components, hu } = lesionsOf(volume);
    const pixels = new Int32Array(components.count);
    const sumHu = new Float64Array(components.count);
    let next = 0;
    for (let row = 0; row < 9 * 4; row++) {
      for (let run = runs.rowStart[row]!; run < runs.rowStart[row + 1]!; run++) {
        const component = componentOfRun[run]!;
        expect([components.slice[component], components.lesion[component]]).toEqual([
          Math.floor(row / 9),
          lesionOfRun[run],
        ]);
        for (let x = runs.start[run]!; x < runs.end[run]!; x++) {
          expect(hu[next]).toBe(volume.voxels[row * volume.dimensions[0] + x]);
          pixels[component]!++;
          sumHu[component]! += hu[next++]!;
        }
      }
    }
    expect(next).toBe(hu.length);
    expect(pixels).toEqual(components.pixels);
    expect(sumHu).toEqual(components.sumHu);
  });
});

describe('lesionAt', () => {
  test('gives the lesion of every voxel, and -1 elsewhere', async () => {
    await forSeeds(8, random => {
      const volume = randomVolume(random, [integer(random, 1, 40), 9, 4], 0.3);
      const set = lesionsOf(volume);
      const { lesions } = scoreByDefinition(volume, DEFAULT_CONVENTION);
      for (const voxel of volume.voxels.keys()) {
        const [x, y, z] = positionOf(voxel, volume.dimensions);
        expect(lesionAt(set, x, y, z)).toBe(lesions.findIndex(({ keys }) => keys.has(`${x},${y},${z}`)));
      }
    });
  });

  test('gives -1 outside the volume on every side', () => {
    const set = lesionsOf(volumeWith([4, 3, 2], [1, 1, 3], () => 500));
    expect(lesionAt(set, 3, 2, 1)).toBe(0);
    for (const [x, y, z] of [
      [-1, 1, 1],
      [4, 1, 1],
      [1, -1, 1],
      [1, 3, 0],
      [1, 1, -1],
      [1, 1, 2],
    ] as const) {
      expect(lesionAt(set, x, y, z)).toBe(-1);
    }
  });
});

describe('joining components across slices', () => {
  const square = (x: number, y: number, x0: number, y0: number) => x >= x0 && x < x0 + 2 && y >= y0 && y < y0 + 2;
  const placed = (...corners: [number, number, number][]): HuVolume =>
    volumeWith([12, 12, 4], [0.5, 0.5, 3], (x, y, z) =>
      corners.some(([x0, y0, z0]) => z === z0 && square(x, y, x0, y0)) ? 300 : 0,
    );
  const count = (volume: HuVolume, connectivity: 4 | 8 = 8) => lesionsOf(volume, { connectivity }).lesions.count;

  test('components that overlap in neighbouring slices are one lesion', () => {
    const set = lesionsOf(placed([4, 4, 1], [5, 5, 2]));
    expect(set.components.count).toBe(2);
    expect([...set.components.lesion]).toEqual([0, 0]);
    expect(set.lesions).toMatchObject({ count: 1, voxels: Int32Array.of(8), firstSlice: Int32Array.of(1) });
  });

  test('components that meet at an edge or a corner across slices are one lesion at 8, two at 4', () => {
    for (const volume of [placed([4, 4, 1], [6, 4, 2]), placed([4, 4, 1], [6, 6, 2]), placed([4, 4, 2], [2, 6, 1])]) {
      expect([count(volume, 8), count(volume, 4)]).toEqual([1, 2]);
    }
  });

  test('components a slice or a pixel apart are two lesions', () => {
    expect(count(placed([4, 4, 0], [4, 4, 2]))).toBe(2);
    expect(count(placed([4, 4, 1], [7, 4, 2]))).toBe(2);
  });

  test('two components of one slice that join in the next are one lesion with three components', () => {
    const set = lesionsOf(placed([2, 4, 0], [6, 4, 0], [4, 4, 1]));
    expect([set.lesions.count, set.components.count, set.lesions.components[0]]).toEqual([1, 3, 3]);
  });

  test('a component under the minimum size does not count and does not join what lies around it', () => {
    const volume = placed([4, 4, 0], [4, 4, 2]);
    volume.voxels[4 + 12 * (4 + 12 * 1)] = 900;
    const set = lesionsOf(volume);
    expect([set.lesions.count, set.components.count, set.lesions.peakHu[0]]).toEqual([2, 2, 300]);
    expect(lesionAt(set, 4, 4, 1)).toBe(-1);
    expect(lesionsOf(volume, { minimumLesion: { rule: 'pixels', pixels: 1 } }).lesions.count).toBe(1);
  });

  test('without any calcium the tables are empty', () => {
    const set = lesionsOf(placed());
    expect([set.components.count, set.lesions.count, set.runs.count, set.lesionOfRun.length]).toEqual([0, 0, 0, 0]);
  });
});
