import { lesionAt, lesionsOf, volumeWith } from '../core/calcium.test-support.ts';
import type { HuVolume, LesionSet, Vessel } from '../core/index.ts';
import { type KeyImage, keyImageOf, keySliceOf } from './key-image.ts';
import { rgbOf, VESSEL_COLORS } from './vessel-colors.ts';

/** A box of calcium: first and last column, row and slice. */
interface Calcium {
  readonly vessel: Vessel | null;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly z: readonly [number, number];
  readonly hu?: number;
}

interface Scene {
  readonly volume: HuVolume;
  readonly lesionSet: LesionSet;
  readonly vesselOfLesion: (Vessel | null)[];
  image(vessel: Vessel, sizePx?: number): KeyImage | null;
}

const BACKGROUND_HU = 40;

function scene(dimensions: HuVolume['dimensions'], spacingMm: HuVolume['spacingMm'], calcium: Calcium[]): Scene {
  const within = (value: number, [first, last]: readonly [number, number]) => value >= first && value <= last;
  const volume = volumeWith(dimensions, spacingMm, (x, y, z) => {
    const box = calcium.find(one => within(x, one.x) && within(y, one.y) && within(z, one.z));
    return box ? (box.hu ?? 450) : BACKGROUND_HU;
  });
  const lesionSet = lesionsOf(volume);
  const vesselOfLesion = new Array<Vessel | null>(lesionSet.lesions.count).fill(null);
  for (const { vessel, x, y, z } of calcium) vesselOfLesion[lesionAt(lesionSet, x[0], y[0], z[0])] = vessel;
  const sliceLength = dimensions[0] * dimensions[1];
  return {
    volume,
    lesionSet,
    vesselOfLesion,
    image: (vessel, sizePx = 200) =>
      keyImageOf({
        lesionSet,
        vesselOfLesion,
        vessel,
        sliceHu: z => volume.voxels.subarray(z * sliceLength, (z + 1) * sliceLength),
        sizePx,
      }),
  };
}

function colorAt({ rgba, width }: KeyImage, x: number, y: number): number[] {
  const byte = (y * width + x) * 4;
  return [...rgba.subarray(byte, byte + 3)];
}

function isColored(image: KeyImage, x: number, y: number, vessel: Vessel): boolean {
  return colorAt(image, x, y).join() === rgbOf(VESSEL_COLORS[vessel]).join();
}

/** Bounds of the pixels of a vessel's contour: first and last column and row. */
function contourBounds(image: KeyImage, vessel: Vessel): { left: number; right: number; top: number; bottom: number } {
  const bounds = { left: image.width, right: -1, top: image.height, bottom: -1 };
  for (let y = 0; y < image.height; y++) {
    for (let x = 0; x < image.width; x++) {
      if (!isColored(image, x, y, vessel)) continue;
      bounds.left = Math.min(bounds.left, x);
      bounds.right = Math.max(bounds.right, x);
      bounds.top = Math.min(bounds.top, y);
      bounds.bottom = Math.max(bounds.bottom, y);
    }
  }
  return bounds;
}

describe('slice of a key image', () => {
  test('is the one with the largest contribution of the vessel, not of another', () => {
    const { lesionSet, vesselOfLesion, image } = scene(
      [64, 64, 6],
      [1, 1, 3],
      [
        { vessel: 'LAD', x: [10, 12], y: [10, 12], z: [1, 1] },
        { vessel: 'LAD', x: [20, 25], y: [10, 15], z: [3, 3] },
        { vessel: 'RCA', x: [40, 50], y: [40, 50], z: [5, 5] },
      ],
    );
    expect(keySliceOf(lesionSet, vesselOfLesion, 'LAD')).toBe(3);
    expect(keySliceOf(lesionSet, vesselOfLesion, 'RCA')).toBe(5);
    expect(image('LAD')?.slice).toBe(3);
    expect(image('LAD')?.caption).toEqual(['Slice 4 of 6', '64 mm wide', 'W 700 L 130']);
  });

  test('weighs density: four pixels of weight 4 outdo ten of weight 1', () => {
    const { lesionSet, vesselOfLesion } = scene(
      [32, 32, 3],
      [1, 1, 3],
      [
        { vessel: 'LM', x: [4, 13], y: [4, 4], z: [0, 0], hu: 150 },
        { vessel: 'LM', x: [20, 21], y: [20, 21], z: [2, 2], hu: 450 },
      ],
    );
    expect(keySliceOf(lesionSet, vesselOfLesion, 'LM')).toBe(2);
  });

  test('adds up all components of the vessel in a slice', () => {
    const { lesionSet, vesselOfLesion } = scene(
      [32, 32, 2],
      [1, 1, 3],
      [
        { vessel: 'LM', x: [2, 4], y: [2, 3], z: [0, 0] },
        { vessel: 'LM', x: [12, 14], y: [2, 3], z: [0, 0] },
        { vessel: 'LM', x: [22, 24], y: [22, 24], z: [1, 1] },
      ],
    );
    expect(keySliceOf(lesionSet, vesselOfLesion, 'LM')).toBe(0);
  });

  test('of equal ones is the one with more pixels, then the first', () => {
    const more = scene(
      [32, 32, 3],
      [1, 1, 3],
      [
        { vessel: 'LM', x: [2, 3], y: [2, 2], z: [0, 0], hu: 250 },
        { vessel: 'LM', x: [10, 13], y: [2, 2], z: [2, 2], hu: 150 },
      ],
    );
    expect(keySliceOf(more.lesionSet, more.vesselOfLesion, 'LM')).toBe(2);
    const first = scene([32, 32, 4], [1, 1, 3], [{ vessel: 'LM', x: [2, 3], y: [2, 3], z: [1, 2] }]);
    expect(keySliceOf(first.lesionSet, first.vesselOfLesion, 'LM')).toBe(1);
  });

  test('is null, and so is the image, for a vessel without lesions', () => {
    const { lesionSet, vesselOfLesion, image } = scene(
      [16, 16, 2],
      [1, 1, 3],
      [{ vessel: null, x: [2, 4], y: [2, 4], z: [0, 0] }],
    );
    expect(keySliceOf(lesionSet, vesselOfLesion, 'LAD')).toBeNull();
    expect(image('LAD')).toBeNull();
  });
});

describe('contours', () => {
  // 100 pixels of 1 mm in 200 pixels: every pixel of the slice becomes 2 x 2.
  const { image } = scene(
    [100, 100, 1],
    [1, 1, 3],
    [
      { vessel: 'LAD', x: [40, 44], y: [50, 53], z: [0, 0] },
      { vessel: 'RCA', x: [70, 74], y: [20, 24], z: [0, 0] },
      { vessel: null, x: [10, 14], y: [80, 84], z: [0, 0] },
    ],
  );
  const picture = image('LAD')!;

  test('surround exactly the voxels of the lesion, and cover none of them', () => {
    for (let y = 90; y < 120; y++) {
      for (let x = 70; x < 100; x++) {
        const isCalcium = x >= 80 && x < 90 && y >= 100 && y < 108;
        const isNear = x >= 78 && x < 92 && y >= 98 && y < 110;
        expect([x, y, isColored(picture, x, y, 'LAD')]).toEqual([x, y, isNear && !isCalcium]);
      }
    }
  });

  test('show the other vessels in their own colours, and nothing around candidates', () => {
    expect(contourBounds(picture, 'RCA')).toEqual({ left: 138, right: 151, top: 38, bottom: 51 });
    for (let y = 150; y < 180; y++) {
      for (let x = 10; x < 40; x++) expect(new Set(colorAt(picture, x, y)).size).toBe(1);
    }
  });

  test('of the pictured vessel lie on top where two meet', () => {
    const neighbours = scene(
      [100, 100, 1],
      [1, 1, 3],
      [
        { vessel: 'LM', x: [40, 44], y: [50, 54], z: [0, 0] },
        { vessel: 'LAD', x: [46, 50], y: [50, 54], z: [0, 0] },
      ],
    );
    for (const vessel of ['LM', 'LAD'] as const) {
      const between = neighbours.image(vessel)!;
      expect([90, 91].map(x => isColored(between, x, 104, vessel))).toEqual([true, true]);
    }
  });

  test('at the border of the picture are cut, not wrapped round', () => {
    const atBorder = scene([100, 100, 1], [1, 1, 3], [{ vessel: 'LCX', x: [95, 99], y: [0, 4], z: [0, 0] }]).image(
      'LCX',
    )!;
    expect(contourBounds(atBorder, 'LCX')).toEqual({ left: 188, right: 199, top: 0, bottom: 11 });
  });
});

describe('field of view', () => {
  test('is 100 mm around the calcium of the vessel', () => {
    const image = scene(
      [300, 300, 1],
      [0.5, 0.5, 3],
      [{ vessel: 'RCA', x: [146, 153], y: [96, 103], z: [0, 0] }],
    ).image('RCA')!;
    expect(image.caption).toContain('100 mm wide');
    expect(contourBounds(image, 'RCA')).toEqual({ left: 94, right: 105, top: 94, bottom: 105 });
  });

  test('is moved inside the slice at its borders', () => {
    const image = scene([300, 300, 1], [0.5, 0.5, 3], [{ vessel: 'RCA', x: [4, 7], y: [290, 293], z: [0, 0] }]).image(
      'RCA',
    )!;
    expect(image.caption).toContain('100 mm wide');
    // 2 mm from the left border and 3 mm from the lower one, at 2 pixels per mm.
    expect(contourBounds(image, 'RCA')).toEqual({ left: 2, right: 9, top: 188, bottom: 195 });
  });

  test('grows with calcium that is spread wider, up to the slice', () => {
    const spread = (last: number) =>
      scene(
        [300, 300, 1],
        [1, 1, 3],
        [
          { vessel: 'LM', x: [100, 103], y: [100, 103], z: [0, 0] },
          { vessel: 'LM', x: [last - 3, last], y: [100, 103], z: [0, 0] },
        ],
      ).image('LM')!;
    expect(spread(229).caption).toContain('150 mm wide');
    expect(spread(299).caption).toContain('220 mm wide');
  });

  test('is the shorter side of a slice that is smaller', () => {
    expect(
      scene([80, 60, 1], [1, 1, 3], [{ vessel: 'LM', x: [5, 8], y: [5, 8], z: [0, 0] }]).image('LM')?.caption,
    ).toContain('60 mm wide');
  });

  test('keeps true proportions of pixels that are not square', () => {
    // 12 mm x 12 mm of calcium: 24 columns of 0.5 mm, 12 rows of 1 mm.
    const image = scene([400, 200, 1], [0.5, 1, 3], [{ vessel: 'LAD', x: [188, 211], y: [94, 105], z: [0, 0] }]).image(
      'LAD',
    )!;
    const { left, right, top, bottom } = contourBounds(image, 'LAD');
    expect(right - left).toBe(bottom - top);
    expect(right - left + 1).toBe(24 + 2 * 2);
  });
});

describe('greys', () => {
  test('run from black at -220 HU to white at 480 HU', () => {
    const greyOf = (hu: number) => {
      const volume = volumeWith([100, 100, 1], [1, 1, 3], (x, y) => (x > 50 ? hu : y === 50 && x < 4 ? 450 : 0));
      const lesionSet = lesionsOf(volume);
      const vesselOfLesion = Array.from({ length: lesionSet.lesions.count }, (_, lesion) =>
        lesion === lesionAt(lesionSet, 0, 50, 0) ? ('LM' as const) : null,
      );
      const image = keyImageOf({ lesionSet, vesselOfLesion, vessel: 'LM', sliceHu: () => volume.voxels, sizePx: 100 })!;
      return colorAt(image, 80, 20)[0];
    };
    expect([-1000, -220, 130, 480, 3000].map(greyOf)).toEqual([0, 0, 128, 255, 255]);
  });

  test('are opaque, and padding does not darken its neighbours', () => {
    const volume = volumeWith([20, 20, 1], [1, 1, 3], (x, y) => (x >= 10 ? -32768 : x < 4 && y < 4 ? 450 : 100));
    const lesionSet = lesionsOf(volume);
    const input = { lesionSet, vesselOfLesion: ['LM' as const], vessel: 'LM' as const, sizePx: 200 };
    const image = keyImageOf({ ...input, sliceHu: () => volume.voxels })!;
    expect(image.rgba.every((value, byte) => byte % 4 !== 3 || value === 255)).toBe(true);
    // Halfway between the pixel of 100 HU and padding: as if padding were -1024 HU, which is black; not 0 before it.
    const grey = Math.round(((100 + 220) / 700) * 255);
    expect(colorAt(image, 94, 150)[0]).toBe(grey);
    expect(colorAt(image, 97, 150)[0]).toBeGreaterThan(0);
  });
});
