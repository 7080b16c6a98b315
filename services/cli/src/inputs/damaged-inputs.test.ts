import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from '../dicom-folder/transfer-syntaxes.ts';
import { temporaryFolders, writeSeries } from '../testing/ct-series.test-support.ts';
import { JARGON, run } from '../testing/run.test-support.ts';
import { box, PATIENT, segmentationFiles, sourceOf } from '../testing/segmentation.test-support.ts';
import { stored } from './inputs.test-support.ts';

// Bytes changed at random: whatever they hit, the program scores or says in one sentence why not, and never fails.

jest.setTimeout(60_000);
const TIMES = 200;
const newFolder = temporaryFolders();
const newSegmentation = segmentationFiles();

/** Equally likely whole numbers below a limit, the same ones in every run. */
function seededWhole(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return Math.floor((state / 0x80000000) * below);
  };
}

/** Runs again and again with up to three bytes of a file changed, from the meta group on. */
async function damage(path: string, seed: number, ...args: string[]): Promise<void> {
  const whole = readFileSync(path);
  const random = seededWhole(seed);
  const codes = new Set<number>();
  for (let time = 0; time < TIMES; time++) {
    const bytes = Buffer.from(whole);
    for (let change = random(3); change >= 0; change--) bytes[132 + random(bytes.length - 132)] = random(256);
    writeFileSync(path, bytes);
    const { code, error } = await run('calcium', ...args, '--json');
    if (code !== 0) expect([time, code, error]).toEqual([time, 2, expect.stringMatching(/^[^\n]+\.\n$/)]);
    expect([time, error]).toEqual([time, expect.not.stringMatching(JARGON)]);
    codes.add(code);
  }
  expect([...codes].sort()).toEqual([0, 2]);
}

test.each([EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN])('a slice (%s)', async transferSyntaxUid => {
  const folder = writeSeries(newFolder(), { stored, changes: PATIENT, transferSyntaxUid });
  await damage(join(folder, 'image-002'), 12345, folder);
});

test('a segmentation', async () => {
  const folder = writeSeries(newFolder(), { stored, changes: PATIENT });
  const vessels = newSegmentation(sourceOf(folder), [
    { label: 'LAD', spans: box([2, 3], [2, 6], [2, 6]) },
    { label: 'RCA', spans: box([0, 1], [2, 6], [2, 6]) },
  ]);
  await damage(vessels, 54321, folder, '--vessels', vessels);
});
