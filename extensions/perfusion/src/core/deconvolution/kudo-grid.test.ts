import type { DeconvolutionMethod } from '../deconvolution-method.ts';
import { type Accuracy, accuracyOf, measurePhantom } from '../phantoms/accuracy.ts';
import type { ResidueKind } from '../phantoms/curves.ts';
import { type CurvePhantom, kudoGrid } from '../phantoms/kudo-grid.ts';
import { defaultMethod } from './default-method.ts';

const KINDS = ['exponential', 'linear', 'box'] as const;
/** The artery arrives at 10 s. */
const BASELINE_S = 10;

function accuracies(phantom: CurvePhantom, method: DeconvolutionMethod): Record<ResidueKind, Accuracy> {
  const measured = measurePhantom(phantom, method, BASELINE_S / phantom.intervalS);
  const of = (kind: ResidueKind) => accuracyOf(measured.filter(({ truth }) => truth.kind === kind));
  return { exponential: of('exponential'), linear: of('linear'), box: of('box') };
}

const clean = kudoGrid();
const noisy = kudoGrid({ noiseHu: 1, seed: 1 });

test('the grid holds 735 curves, as the paper describes them', () => {
  expect(clean.curves).toHaveLength(735);
  expect(Math.min(...clean.curves.map(({ cbf }) => cbf))).toBeCloseTo(2.5, 9);
  expect(Math.max(...clean.curves.map(({ cbf }) => cbf))).toBeCloseTo(87.5, 9);
  const peaks = clean.curves.map(({ curve }) => Math.max(...curve));
  expect(Math.min(...peaks)).toBeCloseTo(0.89, 2);
  expect(Math.max(...peaks)).toBeCloseTo(19.92, 2);
});

// Pearson r of CBF, MTT, CBV, then mean CBF / truth, by the oracle of the reference: exponential, linear, box.
const TABLE: readonly [DeconvolutionMethod, ...(readonly [number, number, number, number])[]][] = [
  [{ name: 'ssvd', truncation: 0.2 }, [0.975, 0.988, 0.989, 0.66], [0.984, 0.997, 1, 0.76], [0.96, 0.994, 1, 0.96]],
  [{ name: 'ssvd', truncation: 0.1 }, [0.985, 0.992, 0.989, 0.67], [0.992, 0.999, 1, 0.78], [0.986, 0.998, 1, 1.01]],
  [{ name: 'csvd', truncation: 0.1 }, [0.986, 0.994, 0.989, 0.7], [0.993, 1, 1, 0.82], [0.988, 0.999, 1, 1.04]],
  [{ name: 'csvd', truncation: 0.2 }, [0.98, 0.994, 0.989, 0.64], [0.988, 1, 1, 0.76], [0.969, 0.996, 1, 0.94]],
  [{ name: 'osvd', oscillationTarget: 0.035 }, [0.995, 0.994, 0.989, 0.84], [0.998, 1, 1, 0.92], [0.999, 1, 1, 1.11]],
  [
    { name: 'osvd', oscillationTarget: 0.095 },
    [0.995, 0.996, 0.989, 0.84],
    [0.998, 0.999, 1, 0.92],
    [0.998, 0.999, 1, 1.09],
  ],
  [{ name: 'tikhonov', truncation: 0.1 }, [0.988, 0.994, 0.989, 0.68], [0.994, 1, 1, 0.78], [0.993, 0.999, 1, 0.98]],
];

test.each(TABLE)('%j without noise is as accurate as the table says', (method, ...rows) => {
  const found = accuracies(clean, method);
  for (const [index, kind] of KINDS.entries()) {
    const [cbf, mtt, cbv, part] = rows[index]!;
    expect(found[kind].cbf).toBeGreaterThanOrEqual(cbf - 0.005);
    expect(found[kind].mtt).toBeGreaterThanOrEqual(mtt - 0.005);
    expect(found[kind].cbv).toBeGreaterThanOrEqual(cbv - 0.005);
    expect(found[kind].cbfPart).toBeCloseTo(part, 1.7);
  }
});

// Ranges of CBF r over 20 seeds of the oracle, exponential, SD 3 HU, with what other seeds may add.
test.each<[DeconvolutionMethod, number, number]>([
  [{ name: 'ssvd', truncation: 0.2 }, 0.758, 0.841],
  [{ name: 'csvd', truncation: 0.1 }, 0.584, 0.706],
  [{ name: 'csvd', truncation: 0.2 }, 0.785, 0.848],
  [{ name: 'osvd', oscillationTarget: 0.035 }, 0.863, 0.913],
  [{ name: 'tikhonov', truncation: 0.1 }, 0.435, 0.669],
])('%j under much noise lies within the range of the reference', (method, lowest, highest) => {
  const { cbf } = accuracies(kudoGrid({ noiseHu: 3, seed: 2 }), method).exponential;
  expect(cbf).toBeGreaterThan(lowest - 0.02);
  expect(cbf).toBeLessThan(highest + 0.02);
});

describe('Lucy-Richardson', () => {
  test('without noise keeps the order of flows and their size', () => {
    const found = accuracies(clean, defaultMethod('lr', 1));
    for (const kind of KINDS) expect(found[kind].cbf).toBeGreaterThanOrEqual(0.99);
    expect(found.exponential.cbfPart).toBeGreaterThanOrEqual(0.9);
    expect(found.exponential.cbfPart).toBeLessThan(1);
  });

  test.each([1, 2, 3])('under noise is as accurate as oSVD, seed %d', seed => {
    const phantom = seed === 1 ? noisy : kudoGrid({ noiseHu: 1, seed });
    const { exponential: lr } = accuracies(phantom, defaultMethod('lr', 1));
    for (const target of [0.035, 0.05]) {
      const { exponential: osvd } = accuracies(phantom, { name: 'osvd', oscillationTarget: target });
      expect(lr.cbf).toBeGreaterThanOrEqual(osvd.cbf - 0.02);
      expect(lr.mtt).toBeGreaterThanOrEqual(osvd.mtt - 0.02);
    }
  });

  test('without its stop it would follow the noise', () => {
    const unstopped = accuracies(noisy, { name: 'lr', maximumIterations: 32, noiseFactor: 0 }).exponential;
    const stopped = accuracies(noisy, defaultMethod('lr', 1)).exponential;
    expect(stopped.cbf).toBeGreaterThan(unstopped.cbf + 0.05);
    expect(stopped.mtt).toBeGreaterThan(unstopped.mtt + 0.1);
  });
});

describe('the default oscillation target', () => {
  test.each([0.5, 1.5, 3])('keeps the flow at an interval of %d s, with noise and without', intervalS => {
    const method = defaultMethod('osvd', intervalS);
    const quiet = accuracies(kudoGrid({ intervalS }), method);
    const loud = accuracies(kudoGrid({ intervalS, noiseHu: 1 }), method);
    for (const kind of KINDS) {
      expect(quiet[kind].cbf).toBeGreaterThan(intervalS > 2 ? 0.93 : 0.97);
      expect(loud[kind].cbf).toBeGreaterThan(intervalS > 2 ? 0.86 : 0.935);
    }
  });

  test('0.035 does not: at 2 s it leaves less than half of the flow', () => {
    const found = accuracies(kudoGrid({ intervalS: 2 }), { name: 'osvd', oscillationTarget: 0.035 });
    expect(found.exponential.cbfPart).toBeLessThan(0.5);
    expect(accuracies(kudoGrid({ intervalS: 2 }), defaultMethod('osvd', 2)).exponential.cbfPart).toBeGreaterThan(0.75);
  });
});
