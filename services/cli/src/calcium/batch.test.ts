import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOFF_2001, PERCENTILE_FORMAT } from '@voxelwise/calcium/core';
import { runCommandLine } from '../command-line.ts';
import { fillBox, storedVolume, temporaryFolders, writeSeries } from '../testing/ct-series.test-support.ts';
import { refusalOf, run } from '../testing/run.test-support.ts';

const newFolder = temporaryFolders();

/** One block of 4 x 4 pixels in slice 2, and regions beside the series. */
function scan(hu: number, name = 'scan', description = 'Calcium test'): string {
  const folder = join(newFolder(), name);
  const stored = fillBox(storedVolume(4, 16, 16), [2, 3], [4, 8], [4, 8], hu);
  writeSeries(folder, { stored, changes: { '0008103e': ['LO', description], '00181210': ['SH', description] } });
  const rois = [
    { name: 'LAD', centre: [6, 6], radiusMm: 3, slices: [0, 3] },
    { name: 'RCA, "proximal"', centre: [12, 12], radiusMm: 1, slices: [0, 3] },
  ];
  writeFileSync(join(folder, 'rois.json'), JSON.stringify(rois));
  writeFileSync(join(folder, 'risk.json'), JSON.stringify({ sex: 'female', ageYears: 67 }));
  return folder;
}

/** A second reader of CSV, by RFC 4180. */
function readCsv(text: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end !== ',') rows.push([]);
  }
  const [header, ...body] = rows.slice(0, -1);
  return body.map(cells => Object.fromEntries(header!.map((column, i) => [column, cells[i]!])));
}

test('several folders become one table, and a bad one stops nothing', async () => {
  const folders = [scan(300), newFolder(), scan(450, 'scan, "two"')];
  const csv = join(newFolder(), 'out.csv');
  const files = ['--rois', '{folder}/rois.json', '--risk', '{folder}/risk.json', '--percentiles', 'hoff-2001'];
  const { code, out, error } = await run('calcium', ...folders, '--csv', csv, ...files, '--mass-calibration', '0.8');
  expect({ code, out }).toEqual({ code: 2, out: '' });

  const rows = readCsv(readFileSync(csv, 'utf8'));
  expect(rows.map(({ folder, kind, region, agatston, mass_mg }) => [folder, kind, region, agatston, mass_mg])).toEqual([
    [folders[0], 'region', 'LAD', '12', expect.stringMatching(/^2\.88/)],
    [folders[0], 'region', 'RCA, "proximal"', '0', '0'],
    [folders[0], 'total', '', '12', expect.stringMatching(/^2\.88/)],
    [folders[1], 'error', '', '', ''],
    [folders[2], 'region', 'LAD', '16', expect.stringMatching(/^4\.32/)],
    [folders[2], 'region', 'RCA, "proximal"', '0', '0'],
    [folders[2], 'total', '', '16', expect.stringMatching(/^4\.32/)],
  ]);
  expect(rows[2]).toMatchObject({
    category: 'Mild, (10, 100]',
    mesa_note: expect.stringMatching(/^missing: race/),
    percentile: 'between the 25th (1) and 50th (24) reference score',
    kvp: '120',
    threshold_hu: '130',
    convention: expect.stringMatching(/^Threshold: HU >= 130; Components: per slice, 8-connected; .*entered/),
    software: 'voxelwise 0.0.0-test, not for diagnostic use',
    error: '',
  });
  expect(rows[2]!.arterial_age_years).toMatch(/^57\.69/);
  expect(rows[3]!.error).toMatch(/^There is no DICOM in .*rois|^The regions file .* cannot be read \(ENOENT\)/);

  expect(error.split('\n')).toEqual([
    expect.stringMatching(/^\[1\/3\] .*scan: Agatston 12\.000$/),
    expect.stringMatching(/^\[2\/3\] .*cannot be read/),
    expect.stringMatching(/^\[3\/3\] .*scan, "two": Agatston 16\.000$/),
    `2 of 3 folders were scored, 1 could not be: ${csv}`,
    '',
  ]);
});

test('one folder alone may be written as a table too', async () => {
  const csv = join(newFolder(), 'out.csv');
  const { code } = await run('calcium', scan(300), '--csv', csv);
  expect(code).toBe(0);
  expect(readCsv(readFileSync(csv, 'utf8'))).toEqual([
    expect.objectContaining({
      kind: 'total',
      agatston: '12',
      mass_mg: '',
      category: '',
      warnings: expect.stringMatching(/whole scan/),
    }),
  ]);
});

test('a text that a spreadsheet would run is no formula', async () => {
  const csv = join(newFolder(), 'out.csv');
  await run('calcium', scan(300, 'scan', '=1+1'), '--csv', csv, '--threshold', '-5');
  const [row] = readCsv(readFileSync(csv, 'utf8'));
  expect([row!.kernel, row!.threshold_hu]).toEqual(["'=1+1", '-5']);
});

test('somebody who watches sees a bar, and only failures as lines', async () => {
  const shown: string[] = [];
  const lines: string[] = [];
  const terminal = {
    version: '0',
    out: () => {},
    error: (text: string) => void lines.push(text),
    progress: (message: string) => void shown.push(message),
    isInteractive: true,
  };
  const folders = [scan(300), newFolder()];
  const csv = join(newFolder(), 'out.csv');
  expect(await runCommandLine(['calcium', ...folders, '--csv', csv], terminal)).toBe(2);
  expect(shown[0]).toBe(`[${'-'.repeat(20)}] 0/2 ${folders[0]} `);
  expect(shown.some(message => /^\[-{20}\] 0\/2 .*scan Reading slices 1\/4$/.test(message))).toBe(true);
  expect(shown).toContain(`[${'#'.repeat(10)}${'-'.repeat(10)}] 1/2 ${folders[1]} `);
  expect(lines).toEqual([
    expect.stringMatching(/^\[2\/2\] .*There is no DICOM/),
    `1 of 2 folders were scored, 1 could not be: ${csv}\n`,
  ]);
});

test('{folder} stands for the folder whatever its name is', async () => {
  const folder = scan(300, "a$&b $1 $'");
  const { code, error } = await run('calcium', folder, '--rois', '{folder}/rois.json');
  expect({ code, error }).toEqual({ code: 0, error: '' });
});

describe('a table', () => {
  test('that is there stays, unless it is forced: then it is replaced as a whole', async () => {
    const folder = scan(300);
    const target = newFolder();
    const csv = join(target, 'out.csv');
    writeFileSync(csv, 'mine,\n'.repeat(1000));
    expect(await refusalOf(folder, '--csv', csv)).toMatch(
      /out\.csv exists already; give --csv another path, or --force/,
    );
    expect(readFileSync(csv, 'utf8')).toMatch(/^mine/);
    expect(await run('calcium', folder, '--csv', csv, '--force')).toMatchObject({ code: 0 });
    expect(readCsv(readFileSync(csv, 'utf8'))).toHaveLength(1);
    expect(readdirSync(target)).toEqual(['out.csv']);
  });

  test('never replaces a slice, under whatever name', async () => {
    const folder = scan(300);
    const slice = join(folder, 'image-002');
    const before = readFileSync(slice);
    const link = join(newFolder(), 'link');
    symlinkSync(slice, link);
    expect(await refusalOf(folder, '--csv', slice)).toMatch(/image-002 exists already/);
    for (const path of [slice, link]) {
      expect(await refusalOf(folder, '--csv', path, '--force')).toMatch(
        /is a DICOM file, which a table does not replace/,
      );
    }
    // Nor one of a folder that is not scored.
    expect(await refusalOf(scan(300), '--csv', slice, '--force')).toMatch(/is a DICOM file/);
    expect(readFileSync(slice).equals(before)).toBe(true);
  });

  test('never replaces another file that is read', async () => {
    const folders = [scan(300), scan(300)];
    const table = join(newFolder(), 'percentiles.json');
    const percentiles = JSON.stringify({ format: PERCENTILE_FORMAT, ...HOFF_2001 });
    writeFileSync(table, percentiles);
    const files = ['--rois', '{folder}/rois.json', '--risk', '{folder}/risk.json'];
    for (const path of [join(folders[1]!, 'rois.json'), join(folders[1]!, 'risk.json')]) {
      const before = readFileSync(path);
      const { code, error } = await run('calcium', ...folders, '--csv', path, '--force', ...files);
      expect([code, error]).toEqual([
        2,
        expect.stringMatching(/^--csv would replace .*json, which the result was made from/),
      ]);
      expect(readFileSync(path).equals(before)).toBe(true);
    }
    const { code, error } = await run(
      'calcium',
      folders[0]!,
      '--csv',
      table,
      '--force',
      ...files,
      '--percentiles',
      table,
    );
    expect([code, error]).toEqual([2, expect.stringMatching(/^--csv would replace .*percentiles\.json/)]);
    expect(readFileSync(table, 'utf8')).toBe(percentiles);
  });

  test('has a path of its own', async () => {
    const folders = [scan(300), scan(300)];
    const csv = join(folders[1]!, 'seg.dcm');
    const files = ['--vessels', '{folder}/vessels.dcm', '--seg', '{folder}/seg.dcm'];
    const { code, error } = await run('calcium', ...folders, '--csv', csv, '--force', ...files);
    expect([code, error]).toEqual([2, expect.stringMatching(/--seg and --csv name the same file/)]);
    expect(existsSync(csv)).toBe(false);
  });

  test('is no folder and no device', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'out.csv'));
    expect(await refusalOf(scan(300), '--csv', join(folder, 'out.csv'), '--force')).toMatch(/is a folder/);
    expect(await refusalOf(scan(300), '--csv', '/dev/null', '--force')).toMatch(/is a device or a pipe/);
  });
});
