import { forSeeds, integer } from '../testing/random.ts';
import { packed, randomVoxelMask } from './plain-masks.test-support.ts';
import { filterRuns, findRun, type RunList, runsFromMask } from './runs.ts';

/** [row, start, end] of every run. */
function listed({ start, end, rowStart, count }: RunList): number[][] {
  const runs: number[][] = [];
  for (let row = 0; row + 1 < rowStart.length; row++) {
    for (let run = rowStart[row]!; run < rowStart[row + 1]!; run++) runs.push([row, start[run]!, end[run]!]);
  }
  expect(runs).toHaveLength(count);
  expect([start.length, end.length]).toEqual([count, count]);
  return runs;
}

/** The same by reading each row as text. */
function readAsText(plain: Uint8Array, width: number): number[][] {
  return Array.from({ length: plain.length / width }, (_, row) =>
    [
      ...plain
        .subarray(row * width, (row + 1) * width)
        .join('')
        .matchAll(/1+/g),
    ].map(run => [row, run.index, run.index + run[0].length]),
  ).flat();
}

const WIDTHS = [1, 2, 31, 32, 33, 64, 65, 96, 130];

describe('runsFromMask', () => {
  test.each(WIDTHS)('finds the maximal runs of random rows of width %d', async width => {
    await forSeeds(10, random => {
      for (const density of [0.05, 0.5, 0.9, 0.99]) {
        const plain = randomVoxelMask(random, width * integer(random, 1, 12), density);
        expect(listed(runsFromMask(packed(plain, width)))).toEqual(readAsText(plain, width));
      }
    });
  });

  test.each(WIDTHS)('a full row of %d voxels is one run and an empty row none', width => {
    const plain = new Uint8Array(width * 4);
    plain.fill(1, width, 2 * width);
    plain.fill(1, 3 * width);
    const runs = runsFromMask(packed(plain, width));
    expect(listed(runs)).toEqual([
      [1, 0, width],
      [3, 0, width],
    ]);
    expect([...runs.rowStart]).toEqual([0, 0, 1, 1, 2]);
  });

  test.each([31, 32, 33, 64, 65])('a run that touches the end of a row of %d does not go on in the next row', width => {
    const plain = new Uint8Array(width * 2);
    plain.fill(1, width - 3, width + 2);
    expect(listed(runsFromMask(packed(plain, width)))).toEqual([
      [0, width - 3, width],
      [1, 0, 2],
    ]);
  });

  test('holds more runs than its first buffers have room for', () => {
    const width = 512;
    const plain = Uint8Array.from({ length: width * 300 }, (_, voxel) => voxel % 2);
    const runs = runsFromMask(packed(plain, width));
    expect(runs.count).toBe((width * 300) / 2);
    expect([runs.start[runs.count - 1], runs.end[runs.count - 1]]).toEqual([511, 512]);
    expect(runs.start[40_000]).toBe(2 * (40_000 % 256) + 1);
  });
});

describe('findRun', () => {
  test('gives the run of every voxel of random masks, and -1 outside runs', async () => {
    await forSeeds(15, random => {
      const width = integer(random, 1, 80);
      const plain = randomVoxelMask(random, width * 6, random());
      const runs = runsFromMask(packed(plain, width));
      for (let row = 0; row < 6; row++) {
        for (let x = 0; x < width; x++) {
          const run = findRun(runs, row, x);
          expect(run >= 0).toBe(plain[row * width + x] === 1);
          if (run < 0) continue;
          expect(run >= runs.rowStart[row]! && run < runs.rowStart[row + 1]!).toBe(true);
          expect(runs.start[run]! <= x && x < runs.end[run]!).toBe(true);
        }
      }
    });
  });

  test('gives -1 left and right of the row, and in rows that do not exist', () => {
    const runs = runsFromMask(packed(new Uint8Array(40).fill(1), 20));
    expect([findRun(runs, 0, -1), findRun(runs, 1, 20), findRun(runs, 2, 0), findRun(runs, -1, 0)]).toEqual([
      -1, -1, -1, -1,
    ]);
  });
});

describe('filterRuns', () => {
  test('keeps the chosen runs in order, row by row', async () => {
    await forSeeds(15, random => {
      const width = integer(random, 1, 80);
      const runs = runsFromMask(packed(randomVoxelMask(random, width * 8, random()), width));
      const kept = Uint8Array.from({ length: runs.count }, () => (random() < 0.5 ? 1 : 0));
      const expected = listed(runs).filter((_, run) => kept[run]);
      expect(listed(filterRuns(runs, run => kept[run] === 1))).toEqual(expected);
    });
  });

  test('keeps all and keeps none', () => {
    const runs = runsFromMask(packed(Uint8Array.of(1, 0, 1, 0, 1, 1), 3));
    expect(filterRuns(runs, () => true)).toEqual(runs);
    expect(filterRuns(runs, () => false)).toMatchObject({ count: 0, rowStart: new Int32Array(3) });
  });
});
