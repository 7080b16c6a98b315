import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DECONVOLUTION_METHODS } from '@voxelwise/perfusion/core';
import { run } from '../testing/run.test-support.ts';

const TABLE = join(__dirname, '../../../../../shared/data/perfusion/osipi-dro/dsc_data.csv');
const isHere = existsSync(TABLE);
if (!isHere && process.env.CI) {
  throw new Error('CI is set, but the test data ../shared/data/perfusion/osipi-dro is missing.');
}
if (!isHere) console.warn('Skipped: ../shared/data/perfusion/osipi-dro is not here.');

const TRUE_CBF = [10, 20, 30, 40, 50, 60, 70, 5, 10, 15, 20, 25, 30, 35];
const TRUE_CBV = [4, 4, 4, 4, 4, 4, 4, 2, 2, 2, 2, 2, 2, 2];
const AREA_CBV = [4.124, 4.159, 4.324, 4.471, 4.51, 4.713, 4.755, 1.925, 2.137, 2.092, 2.31, 2.189, 2.3031, 2.36];

interface Printed {
  readonly method: string;
  readonly parameters: Readonly<Record<string, number>>;
  readonly curves: readonly {
    readonly label: string;
    readonly cbf: number;
    readonly cbv: number;
    readonly mtt: number;
    readonly ttp: number;
    readonly tmax: number;
  }[];
}

async function curvesBy(...options: string[]): Promise<Printed> {
  const { code, out, error } = await run('perfusion', '--curves', TABLE, ...options);
  expect({ code, error }).toEqual({ code: 0, error: '' });
  return JSON.parse(out) as Printed;
}

/** numpy's assert_allclose, as OSIPI calls it. */
const isClose = (found: number, truth: number, atol: number) => Math.abs(found - truth) <= atol + 0.1 * truth;

(isHere ? describe : describe.skip)('OSIPI’s DSC objects', () => {
  test.each(DECONVOLUTION_METHODS)('%s with its defaults: 14 of 14 within OSIPI’s tolerances', async method => {
    const { curves } = await curvesBy('--method', method);
    expect(curves).toHaveLength(14);
    for (const [index, { cbf, cbv, mtt }] of curves.entries()) {
      expect(isClose(cbf, TRUE_CBF[index]!, 15)).toBe(true);
      expect(isClose(cbv, TRUE_CBV[index]!, 1)).toBe(true);
      expect(cbv).toBeCloseTo(AREA_CBV[index]!, 3);
      expect(mtt).toBeCloseTo((60 * cbv) / cbf, 9);
    }
  });

  test('Lucy-Richardson is the default, and nearer to the truth than block-circulant SVD', async () => {
    const error = ({ curves }: Printed) =>
      curves.reduce((sum, { cbf }, index) => sum + Math.abs(cbf - TRUE_CBF[index]!), 0) / 14;
    const usual = await curvesBy();
    expect(usual.method).toBe('lr');
    expect(usual).toEqual(await curvesBy('--method', 'lr'));
    expect(error(usual)).toBeLessThan(error(await curvesBy('--method', 'csvd')));
  });

  // By the oracle of the reference, with the same rule of discretization.
  test.each([
    ['ssvd', '0.2', [9.8, 18.8, 27.1, 35.6, 43.7, 51.7, 58, 5.6, 9.6, 13.8, 18.8, 22.2, 25.6, 28.6]],
    ['ssvd', '0.04', [12.6, 20.4, 30, 45.5, 47.7, 58.3, 69.9, 7.6, 13, 16.8, 20.4, 23.5, 29.4, 30.9]],
    ['csvd', '0.1', [9, 19.3, 25.7, 31.2, 39.8, 45.6, 48.9, 6.5, 9.4, 13.7, 17.9, 19.5, 22.9, 24.4]],
    ['csvd', '0.2', [9.1, 17.4, 24.8, 29.1, 35.3, 39.8, 43.2, 5.9, 8.9, 12.7, 15.5, 17.1, 20.2, 21.4]],
    ['csvd', '0.03', [12.1, 23.1, 29, 33.4, 42.7, 54.7, 57.4, 8.1, 10.4, 17.1, 22.6, 23, 26.6, 32.7]],
    ['osvd', '0.035', [8.9, 19.7, 27.9, 33.3, 42.2, 49.8, 54.9, 6, 9.4, 13.3, 18.7, 19.6, 23.5, 24.9]],
    ['osvd', '0.085', [10, 21.2, 28.6, 33, 42.7, 54.7, 55.7, 6.6, 9.9, 15.8, 21.6, 23, 25.5, 29.9]],
    ['tikhonov', '0.1', [10.5, 18.8, 27.4, 38.5, 43.7, 53.5, 60.6, 6.4, 9.9, 14.7, 18.6, 22.1, 26.2, 29.9]],
    ['tikhonov', '0.03', [13.5, 22.3, 28.8, 43.3, 47.4, 58, 67.9, 9.4, 10.9, 22.1, 22.4, 24.9, 29.5, 32.2]],
  ])('%s %s gives the flows of the reference within 1 %%', async (method, truncation, expected) => {
    const { curves, parameters } = await curvesBy('--method', method, '--truncation', truncation);
    expect(parameters[method === 'osvd' ? 'oscillationTarget' : 'truncation']).toBe(Number(truncation));
    for (const [index, { cbf }] of curves.entries()) {
      expect(Math.abs(cbf - expected[index]!)).toBeLessThan(0.01 * expected[index]!);
    }
  });
});
