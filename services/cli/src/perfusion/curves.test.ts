import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DECONVOLUTION_METHODS, detectBaseline } from '@voxelwise/perfusion/core';
import { type CurvePhantom, delayGrid, kudoGrid } from '@voxelwise/perfusion/phantoms';
import { temporaryFolders } from '../testing/ct-series.test-support.ts';
import { JARGON, run } from '../testing/run.test-support.ts';

const newFolder = temporaryFolders();
const HEAD = 'label,C_tis,C_aif,cbv,cbf,tr';
const { aif, intervalS, curves } = delayGrid({ kind: 'exponential', mttS: 4, intervalS: 1.5 });
const words = (curve: Float64Array) => Array.from(curve, value => value.toExponential(12)).join('  ');
const AIF = words(aif);
const TISSUE = words(curves[2]!.curve);
const rowOf = (label: string, tissue: string, artery = AIF, tr = '1.5') => `${label},${tissue}, ${artery},4,60,${tr}`;

function fileOf(...lines: string[]): string {
  const path = join(newFolder(), 'curves.csv');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

function tableOf({ curves, aif, intervalS }: CurvePhantom): string {
  return fileOf(
    HEAD,
    ...curves.map(({ curve }, index) => rowOf(`curve ${index}`, words(curve), words(aif), String(intervalS))),
  );
}

async function valuesOf(path: string, ...options: string[]) {
  const { code, out, error } = await run('perfusion', '--curves', path, ...options);
  expect({ code, error }).toEqual({ code: 0, error: '' });
  return JSON.parse(out);
}

test('JSON holds exactly the agreed parts', async () => {
  const path = fileOf(HEAD, rowOf('gray matter', TISSUE));
  const printed = await valuesOf(path, '--method', 'csvd');
  expect(printed).toEqual({
    method: 'csvd',
    parameters: { truncation: 0.1, hematocritFactor: 1, densityGPerMl: 1 },
    curves: [
      {
        label: 'gray matter',
        cbf: expect.any(Number),
        cbv: expect.any(Number),
        mtt: expect.any(Number),
        ttp: expect.any(Number),
        tmax: expect.any(Number),
      },
    ],
  });
  const peak = curves[2]!.curve.indexOf(Math.max(...curves[2]!.curve));
  expect(printed.curves[0].ttp).toBeCloseTo((peak - detectBaseline(aif)[1]) * intervalS, 12);
  expect(await valuesOf(path, '--method', 'csvd', '--json')).toEqual(printed);
});

test('a quoted table with other columns, another order, blank lines and a byte order mark is read the same', async () => {
  const plain = await valuesOf(fileOf(HEAD, rowOf('a', TISSUE)));
  const other = fileOf('\uFEFFtr,note,"C_aif",C_tis,label', '', `1.5,"x, y","${AIF}","${TISSUE} ",a`, '');
  expect(await valuesOf(other)).toEqual(plain);
});

test('hematocrit factor and density scale flow and volume', async () => {
  const path = fileOf(HEAD, rowOf('a', TISSUE));
  const [one] = (await valuesOf(path)).curves;
  const printed = await valuesOf(path, '--hematocrit-factor', '0.73', '--density', '1.04');
  expect(printed.parameters).toMatchObject({ hematocritFactor: 0.73, densityGPerMl: 1.04 });
  expect(printed.curves[0].cbf / one.cbf).toBeCloseTo(0.73 / 1.04, 12);
  expect(printed.curves[0].cbv / one.cbv).toBeCloseTo(0.73 / 1.04, 12);
  expect(printed.curves[0].mtt).toBeCloseTo(one.mtt, 12);
  expect(printed.curves[0].cbv).toBeCloseTo(4, 1);
});

test('the parameters of the methods are taken and printed', async () => {
  const path = fileOf(HEAD, rowOf('a', TISSUE));
  const of = async (...options: string[]) => (await valuesOf(path, ...options)).parameters;
  expect(await of('--iterations', '5', '--noise-factor', '1')).toMatchObject({ maximumIterations: 5, noiseFactor: 1 });
  expect(await of('--method', 'osvd')).toMatchObject({ oscillationTarget: 0.05 * 1.5 });
  expect(await of('--method', 'osvd', '--truncation', '0.035')).toMatchObject({ oscillationTarget: 0.035 });
  expect(await of('--method', 'tikhonov', '--truncation', '0')).toMatchObject({ truncation: 0 });
});

test.each(DECONVOLUTION_METHODS)('%s: rows of two arteries are each computed by their own', async method => {
  const grid = delayGrid({ kind: 'box', mttS: 4, intervalS: 1 });
  const mixed = fileOf(
    HEAD,
    rowOf('first', TISSUE),
    rowOf('second', words(grid.curves[3]!.curve), words(grid.aif), '1'),
    rowOf('third', TISSUE),
  );
  const alone = await valuesOf(fileOf(HEAD, rowOf('first', TISSUE)), '--method', method);
  const printed = await valuesOf(mixed, '--method', method);
  expect(printed.curves.map(({ label }: { label: string }) => label)).toEqual(['first', 'second', 'third']);
  expect(printed.curves[0]).toEqual(alone.curves[0]);
  expect(printed.curves[2]).toEqual({ ...alone.curves[0], label: 'third' });
  expect(printed.curves[1].cbf).not.toBe(printed.curves[0].cbf);
  if (method === 'osvd') expect(printed.parameters.oscillationTarget).toEqual([0.05 * 1.5, 0.05]);
});

test('the whole grid goes through a table: Lucy-Richardson as accurate as oSVD at 1 HU', async () => {
  const grid = kudoGrid({ noiseHu: 1, seed: 4 });
  const exponential = { ...grid, curves: grid.curves.filter(({ kind }) => kind === 'exponential') };
  const path = tableOf(exponential);
  const r = async (method: string) => {
    const { out } = await run('perfusion', '--curves', path, '--method', method);
    const found = JSON.parse(out).curves.map(({ cbf }: { cbf: number | null }) => cbf ?? 0) as number[];
    return correlation(
      found,
      exponential.curves.map(({ cbf }) => cbf),
    );
  };
  expect(await r('lr')).toBeGreaterThan((await r('osvd')) - 0.02);
  expect(await r('lr')).toBeGreaterThan(0.95);
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, index) => sum + (value - mx) * (y[index]! - my), 0);
  return product(a, meanA, b, meanB) / Math.sqrt(product(a, meanA, a, meanA) * product(b, meanB, b, meanB));
}

test('a curve below its baseline has no values, and a warning says so', async () => {
  const negative = words(curves[2]!.curve.map(value => -value));
  const { code, out, error } = await run(
    'perfusion',
    '--curves',
    fileOf(HEAD, rowOf('below', negative), rowOf('a', TISSUE)),
  );
  expect(code).toBe(0);
  expect(JSON.parse(out).curves[0]).toEqual({ label: 'below', cbf: null, cbv: null, mtt: null, ttp: null, tmax: null });
  expect(JSON.parse(out).curves[1].cbf).toBeGreaterThan(0);
  expect(error).toMatch(/^Warning: The curve below has no flow[^\n]+\n$/);
});

test('values too large to be written down are no values, and a warning says so', async () => {
  const huge = words(curves[2]!.curve.map(value => value * 1e305));
  const { code, out, error } = await run('perfusion', '--curves', fileOf(HEAD, rowOf('huge', huge)));
  expect(code).toBe(0);
  expect(JSON.parse(out).curves[0]).toEqual({ label: 'huge', cbf: null, cbv: null, mtt: null, ttp: null, tmax: null });
  expect(error).toMatch(/^Warning: The curve huge has no flow/);
});

test('without a baseline TTP is not given, and Lucy-Richardson refuses', async () => {
  const late = (curve: Float64Array) => words(curve.subarray(9));
  const path = fileOf(HEAD, rowOf('late', late(curves[2]!.curve), late(aif)));
  const { code, out, error } = await run('perfusion', '--curves', path, '--method', 'csvd');
  expect(code).toBe(0);
  expect(JSON.parse(out).curves[0]).toMatchObject({ ttp: null, cbf: expect.any(Number) });
  expect(error).toMatch(/^Warning: The arterial input of late has no baseline, so that TTP is not given\./);
  expect(await run('perfusion', '--curves', path)).toMatchObject({
    code: 2,
    out: '',
    error: expect.stringMatching(/no baseline/),
  });
});

describe('bad input is refused in one sentence', () => {
  const short = (text: string, count: number) => text.split(/\s+/).slice(0, count).join(' ');
  const withWord = (text: string, word: string) => text.replace(/\S+/, word);
  test.each<[string, readonly string[], RegExp]>([
    ['an empty file', [], /has no column label, C_tis, C_aif, tr/],
    ['no curves', [HEAD], /has no curves/],
    ['no column of the artery', ['label,C_tis,tr', `a,${TISSUE},1.5`], /has no column C_aif;/],
    ['no column of the interval', ['label,C_tis,C_aif', `a,${TISSUE},${AIF}`], /has no column tr;/],
    ['two columns of tissue', ['label,C_tis,C_tis,C_aif,tr', `a,${TISSUE},${TISSUE},${AIF},1.5`], /two columns C_tis;/],
    ['columns apart by semicolons', [HEAD.replaceAll(',', ';')], /separated by commas/],
    [
      'values apart by commas',
      [HEAD, rowOf('a', `"${TISSUE.replaceAll('  ', ',')}"`)],
      /^Row 1 \(a\) .* has "[^"]{40} \.\.\." in C_tis at time point 1/,
    ],
    ['a row with too few cells', [HEAD, 'a,1 2 3'], /is not a CSV table \(line 2/],
    ['open quotes', [HEAD, `a,"${TISSUE},${AIF},4,60,1.5`], /is not a CSV table/],
    [
      'a value that is no number',
      [HEAD, rowOf('a', withWord(TISSUE, 'nan'))],
      /Row 1 \(a\) .* has "nan" in C_tis at time point 1/,
    ],
    ['a word', [HEAD, rowOf('a', TISSUE, withWord(AIF, 'abc'))], /"abc" in C_aif at time point 1/],
    ['a hexadecimal number', [HEAD, rowOf('a', withWord(TISSUE, '0x10'))], /"0x10"/],
    ['an infinite value', [HEAD, rowOf('a', withWord(TISSUE, 'inf'))], /"inf" in C_tis/],
    ['different lengths', [HEAD, rowOf('a', short(TISSUE, 20))], /has 20 values in C_tis and 40 in C_aif/],
    ['no values', [HEAD, rowOf('a', '')], /has no values in C_tis/],
    ['four time points', [HEAD, rowOf('a', short(TISSUE, 4), short(AIF, 4))], /4 time points/],
    ['a constant artery', [HEAD, rowOf('a', TISSUE, Array(40).fill('5').join(' '))], /constant curve in C_aif/],
    ['a constant curve', [HEAD, rowOf('a', Array(40).fill('5').join(' '))], /constant curve in C_tis/],
    [
      'an artery below its baseline',
      [HEAD, rowOf('a', TISSUE, words(aif.map(value => -value)))],
      /no baseline|does not rise/,
    ],
    ['no interval', [HEAD, rowOf('a', TISSUE, AIF, '')], /has nothing in tr/],
    ['an interval of 0', [HEAD, rowOf('a', TISSUE, AIF, '0')], /has "0" in tr/],
    ['a negative interval', [HEAD, rowOf('a', TISSUE, AIF, '-1.5')], /has "-1.5" in tr/],
    ['times that do not increase', [HEAD, rowOf('a', TISSUE, AIF, '0 1.5 1.5 3')], /has "0 1\.5 1\.5" in tr/],
    ['the second row', [HEAD, rowOf('a', TISSUE), rowOf('b', TISSUE, AIF, 'x')], /Row 2 \(b\)/],
  ])('%s', async (_, lines, sentence) => {
    const { code, out, error } = await run('perfusion', '--curves', fileOf(...lines));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toMatch(/^[^\n]+\.\n$/);
    expect(error).toMatch(sentence);
    expect(error).not.toMatch(JARGON);
  });

  test.each<[string[], RegExp]>([
    [['perfusion'], /needs a folder|needs a table of curves/],
    [['perfusion', '--curves'], /--curves needs a value/],
    [['perfusion', '--curves', '/nowhere/curves.csv'], /cannot be read \(ENOENT\)/],
    [['perfusion', '--curves', 'a', 'b'], /"b"/],
    [
      ['perfusion', '--curves', 'a', '--method', 'svd'],
      /--method must be one of lr, csvd, osvd, ssvd, tikhonov, not "svd"/,
    ],
    [['perfusion', '--curves', 'a', '--method', 'csvd', '--truncation', '-0.1'], /--truncation must be/],
    [['perfusion', '--curves', 'a', '--method', 'csvd', '--truncation', '1'], /--truncation must be/],
    [['perfusion', '--curves', 'a', '--method', 'csvd', '--truncation', '0,1'], /--truncation must be/],
    [['perfusion', '--curves', 'a', '--method', 'osvd', '--truncation', '0'], /oscillation target/],
    [['perfusion', '--curves', 'a', '--truncation', '0.1'], /Lucy-Richardson truncates nothing/],
    [['perfusion', '--curves', 'a', '--method', 'ssvd', '--iterations', '9'], /--iterations is a parameter of Lucy/],
    [['perfusion', '--curves', 'a', '--iterations', '0'], /--iterations must be/],
    [['perfusion', '--curves', 'a', '--noise-factor', '-1'], /--noise-factor must be/],
    [['perfusion', '--curves', 'a', '--density', '0'], /--density must be/],
    [['perfusion', '--curves', 'a', '--hematocrit-factor', 'x'], /--hematocrit-factor must be/],
    [['perfusion', '--curves', 'a', '--rois', 'x'], /voxelwise perfusion has no option --rois/],
    [['perfusion', '--curves', 'a', '--curves', 'b'], /given twice/],
  ])('%j', async (args, sentence) => {
    const { code, out, error } = await run(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toMatch(/^[^\n]+\.\n$/);
    expect(error).toMatch(sentence);
  });
});
