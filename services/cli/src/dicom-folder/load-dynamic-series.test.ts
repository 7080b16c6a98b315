import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { curveAt } from '@voxelwise/perfusion/core';
import { temporaryFolders, writeSeries } from '../testing/ct-series.test-support.ts';
import {
  asMr,
  distinctValue,
  type TestDynamicSeries,
  timeText,
  writeDynamicSeries,
  writeEnhancedSeries,
} from '../testing/dynamic-series.test-support.ts';
import { loadDynamicSeries } from './load-dynamic-series.ts';

const newFolder = temporaryFolders();
const CT: TestDynamicSeries = { timePoints: 10, slices: 3, size: 5 };

/** What every voxel must be over time. */
function expectDistinct(
  volume: Awaited<ReturnType<typeof loadDynamicSeries>>['volume'],
  { slices, size, timePoints }: TestDynamicSeries,
) {
  expect(volume.dimensions).toEqual([size, size, slices]);
  for (let z = 0; z < slices; z++) {
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const curve = curveAt(volume, (z * size + y) * size + x);
        expect([...curve]).toEqual(Array.from({ length: timePoints }, (_, t) => distinctValue(t, z, y, x)));
      }
    }
  }
}

test('a CT series split by AcquisitionTime is read, every voxel in its place and time', async () => {
  const folder = writeDynamicSeries(newFolder(), CT);
  const { volume, information, headers } = await loadDynamicSeries(folder);
  expect(volume.voxels).toBeInstanceOf(Int16Array);
  expect(volume).toMatchObject({
    timePoints: 10,
    intervalS: 2,
    signal: { kind: 'attenuation' },
    spacingMm: [0.5, 0.5, 3],
  });
  expectDistinct(volume, CT);
  expect(headers.map(({ instanceNumber }) => instanceNumber)).toEqual(['1', '2', '3']);
  expect(information).toMatchObject({
    ...{
      modality: 'CT',
      slices: 3,
      rows: 5,
      columns: 5,
      splitBy: 'AcquisitionTime',
      timesFrom: 'AcquisitionTime',
      notes: [],
    },
    measuredTimesS: [0, 2, 4, 6, 8, 10, 12, 14, 16, 18],
  });
});

test('an MR series split by its positions in time is read, with its echo time', async () => {
  const folder = writeDynamicSeries(newFolder(), { ...CT, changesOf: t => asMr(t, 1.5) });
  const { volume, information } = await loadDynamicSeries(folder);
  expect(volume).toMatchObject({ intervalS: 1.5, signal: { kind: 'susceptibility', echoTimeS: 0.03 } });
  expect(information).toMatchObject({ splitBy: 'TemporalPositionIdentifier', timesFrom: 'TriggerTime' });
  expectDistinct(volume, CT);
});

test('the frames of multi-frame images are read, of one image and of one per time point', async () => {
  for (const framesPerFile of [27, 3]) {
    const folder = writeEnhancedSeries(newFolder(), CT, framesPerFile);
    const { volume, information } = await loadDynamicSeries(folder);
    expect(information).toMatchObject({ splitBy: 'AcquisitionDateTime', modality: 'CT' });
    expectDistinct(volume, CT);
  }
});

test('compressed frames of a multi-frame image are told apart', async () => {
  const folder = writeEnhancedSeries(newFolder(), CT, 27);
  try {
    for (const file of readdirSync(folder)) execFileSync('dcmcrle', [join(folder, file), join(folder, file)]);
  } catch (error) {
    if (process.env.CI || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return; // dcmtk is not installed
  }
  expectDistinct((await loadDynamicSeries(folder)).volume, CT);
});

test('slope and intercept are applied once, fractions are kept, and padding is air', async () => {
  const folder = writeDynamicSeries(newFolder(), {
    ...CT,
    valueAt: (t, z, y, x) => (x === 4 ? -2000 : distinctValue(t, z, y, x)),
    changes: { '00281053': ['DS', '0.5'], '00281052': ['DS', '-100'], '00280120': ['SS', -2000] },
  });
  const { volume } = await loadDynamicSeries(folder);
  expect(volume.voxels).toBeInstanceOf(Float32Array);
  expect(curveAt(volume, 5 + 3)[2]).toBe(distinctValue(2, 0, 1, 3) * 0.5 - 100);
  expect([...curveAt(volume, 4)]).toEqual(new Array(10).fill(-1024));
});

test('irregular sampling is resampled, and said', async () => {
  const at = [0, 1, 2, 3, 4, 5, 6, 9, 12, 15];
  const folder = writeDynamicSeries(newFolder(), {
    ...CT,
    changesOf: t => ({ '00080032': ['TM', timeText(36_000 + at[t]!)] }),
  });
  const { volume, information } = await loadDynamicSeries(folder);
  expect(volume).toMatchObject({ timePoints: 16, intervalS: 1 });
  expect(information.notes).toEqual([expect.stringMatching(/^The sampling is irregular \(1 to 3 s/)]);
  const [before, after] = [distinctValue(6, 1, 2, 3), distinctValue(7, 1, 2, 3)];
  expect(curveAt(volume, 25 + 13)[7]).toBeCloseTo(before + (after - before) / 3, 3);
});

describe('of the series of a folder', () => {
  test('the only 4D one is taken', async () => {
    const folder = writeDynamicSeries(newFolder(), CT);
    writeSeries(join(folder, 'other'), { stored: [[[1]], [[2]]], seriesUid: '2.25.300' });
    expect((await loadDynamicSeries(folder)).information.uid).toBe('2.25.100');
  });

  test('several are listed to choose from', async () => {
    const folder = writeDynamicSeries(newFolder(), CT);
    writeDynamicSeries(join(folder, 'other'), { ...CT, seriesUid: '2.25.300' });
    await expect(loadDynamicSeries(folder)).rejects.toThrow(
      /has 2 series, and one is computed at a time; choose one of these with --series <uid>: .*2\.25\.100 .*30 images\)/,
    );
    expect((await loadDynamicSeries(folder, { seriesUid: '2.25.300' })).information.uid).toBe('2.25.300');
  });

  test('none is one sentence', async () => {
    await expect(loadDynamicSeries(newFolder())).rejects.toThrow(/is empty; give the folder of one 4D series\.$/);
  });
});

test('a file that changed or is cut off is refused, not read as zeros', async () => {
  const folder = writeDynamicSeries(newFolder(), CT);
  const [file] = readdirSync(folder);
  truncateSync(join(folder, file!), readFileSync(join(folder, file!)).length - 20);
  await expect(loadDynamicSeries(folder)).rejects.toThrow(/damaged or truncated/);
  rmSync(join(folder, file!));
  writeFileSync(join(folder, 'notes.txt'), 'no DICOM');
  await expect(loadDynamicSeries(folder)).rejects.toThrow(/^Time point \d+ of 10 \(by AcquisitionTime\) has no image/);
});
