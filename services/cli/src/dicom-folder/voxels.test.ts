import { NO_VOXEL_HU } from '@voxelwise/calcium/core';
import { type Changes, storedVolume, temporaryFolders, writeSeries } from '../testing/ct-series.test-support.ts';
import { score } from '../testing/run.test-support.ts';
import { loadSeries } from './load-series.ts';
import { DEFLATED_LITTLE_ENDIAN, EXPLICIT_BIG_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from './transfer-syntaxes.ts';

const newFolder = temporaryFolders();

/** Every voxel different: z * 100 + y * 10 + x - 50. */
const numbered = Array.from({ length: 4 }, (_, z) =>
  Array.from({ length: 3 }, (_, y) => Array.from({ length: 5 }, (_, x) => z * 100 + y * 10 + x - 50)),
);

/** Voxels of a series of two slices with the given stored words in its first row. */
async function voxelsOf(words: number[], changes: Changes, changesOf?: (slice: number) => Changes) {
  const stored = [[words], [words]];
  const folder = writeSeries(newFolder(), { stored, changes, ...(changesOf && { changesOf }) });
  const { voxels } = (await loadSeries(folder)).volume;
  return { type: voxels.constructor.name, first: [...voxels.slice(0, words.length)], all: [...voxels] };
}

test.each([undefined, IMPLICIT_LITTLE_ENDIAN, EXPLICIT_BIG_ENDIAN, DEFLATED_LITTLE_ENDIAN])(
  'the voxels of transfer syntax %s are x fastest, then y, then z',
  async transferSyntaxUid => {
    const folder = writeSeries(newFolder(), { stored: numbered, ...(transferSyntaxUid && { transferSyntaxUid }) });
    const { voxels, dimensions, spacingMm } = (await loadSeries(folder)).volume;
    expect(voxels).toEqual(Int16Array.from(numbered.flat(2)));
    expect(dimensions).toEqual([5, 3, 4]);
    expect(spacingMm).toEqual([0.5, 0.5, 3]);
  },
);

test('slices are sorted by ascending z, whatever their names and acquisition order', async () => {
  const shuffled = [2, 0, 3, 1];
  const fileOf = (slice: number) => `f${shuffled[slice]}`;
  const ascending = writeSeries(newFolder(), { stored: numbered, fileOf });
  expect([...(await loadSeries(ascending)).volume.voxels]).toEqual(numbered.flat(2));
  const descending = writeSeries(newFolder(), { stored: numbered, increment: -3, fileOf });
  expect([...(await loadSeries(descending)).volume.voxels]).toEqual(numbered.toReversed().flat(2));
  expect((await loadSeries(descending)).volume.spacingMm[2]).toBe(3);
});

test('a feet-first stack, whose normal points down, is sorted by ascending z too', async () => {
  const changes: Changes = { '00200037': ['DS', '-1\\0\\0\\0\\1\\0'] };
  const folder = writeSeries(newFolder(), { stored: numbered, changes });
  expect([...(await loadSeries(folder)).volume.voxels]).toEqual(numbered.flat(2));
});

test('row spacing and column spacing are not exchanged', async () => {
  const folder = writeSeries(newFolder(), { stored: numbered, pixelSpacing: [0.7, 0.4] });
  expect((await loadSeries(folder)).volume.spacingMm).toEqual([0.4, 0.7, 3]);
});

test('unsigned values with a negative intercept', async () => {
  const changes: Changes = { '00280103': ['US', 0], '00281052': ['DS', '-1024'] };
  expect(await voxelsOf([0, 1024, 1154, 4095], changes)).toMatchObject({
    type: 'Int16Array',
    first: [-1024, 0, 130, 3071],
  });
});

test('integers beyond 16 bits become Float32', async () => {
  const changes: Changes = { '00280103': ['US', 0], '00281052': ['DS', '-1024'] };
  expect(await voxelsOf([1154, 0xffff], changes)).toMatchObject({ type: 'Float32Array', first: [130, 64511] });
});

test('a fractional slope gives Float32 values', async () => {
  const changes: Changes = { '00281053': ['DS', '0.5'], '00281052': ['DS', '-10.25'] };
  expect(await voxelsOf([281, 280], changes)).toMatchObject({ type: 'Float32Array', first: [130.25, 129.75] });
});

test('every slice has its own slope and intercept', async () => {
  const changesOf = (slice: number): Changes => ({ '00281053': ['DS', String(slice + 1)] });
  expect((await voxelsOf([100, -5], {}, changesOf)).all).toEqual([100, -5, 200, -10]);
});

test('bits above the stored ones are not part of a value', async () => {
  const stored12 = { '00280101': ['US', 12], '00280102': ['US', 11] } as const;
  const overlay = [0xf082, 0x1082, 0x0082];
  expect((await voxelsOf(overlay, { ...stored12, '00280103': ['US', 0] })).first).toEqual([130, 130, 130]);
  // Signed: bit 11 is the sign, whatever stands above it.
  expect((await voxelsOf([0x0fff, 0xffff, 0x07ff, 0xf7ff], stored12)).first).toEqual([-1, -1, 2047, 2047]);
});

test('a high bit above the stored bits shifts the value', async () => {
  const changes: Changes = { '00280101': ['US', 12], '00280102': ['US', 15] };
  expect((await voxelsOf([130 << 4, (-5 << 4) | 0xf], changes)).first).toEqual([130, -5]);
});

test('8 bit pixels', async () => {
  const bytes = Buffer.from([0, 130, 255]);
  const changes: Changes = {
    '00280100': ['US', 8],
    '00280101': ['US', 8],
    '00280102': ['US', 7],
    '00280103': ['US', 0],
    '7fe00010': ['OB', bytes],
  };
  expect((await voxelsOf([0, 0, 0], changes)).first).toEqual([0, 130, 255]);
});

describe('padding', () => {
  const withIntercept = { '00281052': ['DS', '-1024'], '00280103': ['US', 0] } as const;

  test('a padding value is compared with stored values, not with HU', async () => {
    const changes: Changes = { ...withIntercept, '00280120': ['US', 3000] };
    expect((await voxelsOf([3000, 2999, 1154], changes)).first).toEqual([NO_VOXEL_HU, 1975, 130]);
  });

  test('a range is closed at both ends, and may be given upside down', async () => {
    const range = [NO_VOXEL_HU, NO_VOXEL_HU, NO_VOXEL_HU, 1977, 1973];
    const words = [2998, 2999, 3000, 3001, 2997];
    const up: Changes = { ...withIntercept, '00280120': ['US', 2998], '00280121': ['US', 3000] };
    expect((await voxelsOf(words, up)).first).toEqual(range);
    const down: Changes = { ...withIntercept, '00280120': ['US', 3000], '00280121': ['US', 2998] };
    expect((await voxelsOf(words, down)).first).toEqual(range);
  });

  test('the sign is that of the pixels, even where the value was written as unsigned', async () => {
    const changes: Changes = { '00280120': ['US', 63536] }; // -2000
    expect((await voxelsOf([-2000, 63536 - 65536 + 1, 500], changes)).first).toEqual([NO_VOXEL_HU, -1999, 500]);
  });

  test('a value that does not fit the stored bits means the whole cell', async () => {
    const changes: Changes = { '00280101': ['US', 12], '00280102': ['US', 11], '00280120': ['SS', -3000] };
    expect((await voxelsOf([-3000, 200], changes)).first).toEqual([NO_VOXEL_HU, 200]);
  });

  test('with a value of calcium is warned of, with how much of it there is', async () => {
    const of = async (padding: number, changes: Changes, ...options: string[]) => {
      const stored = storedVolume(3, 16, 16);
      for (let y = 2; y < 8; y++) for (let x = 2; x < 10; x++) stored[1]![y]![x] = x < 6 ? padding : 350;
      const { total, warnings } = await score(writeSeries(newFolder(), { stored, changes }), ...options);
      return [total.agatston, warnings.filter(warning => /padding/.test(warning))];
    };
    const value: Changes = { '00280120': ['SS', 300] };
    expect(await of(300, {})).toEqual([36, []]);
    expect(await of(300, value)).toEqual([18, [expect.stringMatching(/^24 voxels of 300 HU are padding/)]]);
    expect(await of(300, { ...value, '00280121': ['SS', 340] }, '--threshold', '301')).toEqual([18, []]);
    // Where the whole cell is meant, what its stored bits alone would be does not matter.
    const cell: Changes = { '00280101': ['US', 12], '00280102': ['US', 11], '00280120': ['SS', 300 - 4096] };
    expect(await of(300, cell)).toEqual([36, []]);
    expect(await of(300 - 4096, cell)).toEqual([18, []]);
  });

  test('it never enters the mask: high padding beside calcium adds nothing', async () => {
    const stored = storedVolume(3, 16, 16);
    for (let y = 2; y < 8; y++) for (let x = 2; x < 10; x++) stored[1]![y]![x] = x < 6 ? 3000 : 300;
    const plain = await score(writeSeries(newFolder(), { stored }));
    expect(plain.total.agatston).toBeCloseTo(6 * 8 * 0.25 * 4, 9);
    for (const fraction of ['1', '1.0625']) {
      const changes: Changes = { '00280120': ['SS', 3000], '00281053': ['DS', fraction] };
      const padded = await score(writeSeries(newFolder(), { stored, changes }));
      expect(padded.total.agatston).toBeCloseTo(6 * 4 * 0.25 * 3, 9);
      expect(padded.total.volumeMm3).toBeCloseTo(6 * 4 * 0.25 * 3, 9);
    }
    // The lowest threshold that the command line takes stays above the value that stands for padding.
    const changes: Changes = { '00280120': ['SS', 3000] };
    const all = await score(writeSeries(newFolder(), { stored, changes }), '--threshold', '-1024');
    expect(all.total.volumeMm3).toBeCloseTo((3 * 256 - 24) * 0.75, 9);
  });
});
