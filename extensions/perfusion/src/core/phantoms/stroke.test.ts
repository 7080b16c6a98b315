import { curveAt } from '../dynamic-volume.ts';
import { PHANTOM_ARTERY } from './curves.ts';
import { type StrokePhantom, strokePhantom } from './stroke.ts';
import { STROKE_TISSUES, type StrokeTissue, tissueLabel } from './stroke-tissues.ts';

const SMALL = { dimensions: [64, 64, 6], timePoints: 60 } as const;

function firstOf({ labels }: StrokePhantom, tissue: StrokeTissue): number {
  return labels.indexOf(tissueLabel(tissue));
}

function area(curve: Float64Array): number {
  return curve.reduce((sum, value) => sum + value, 0);
}

test('every tissue is there, also on a coarse grid and in a single slice', () => {
  for (const dimensions of [
    [64, 64, 6],
    [32, 32, 4],
    [48, 48, 1],
  ] as const) {
    const { labels } = strokePhantom({ dimensions, timePoints: 4 });
    for (const [label, tissue] of STROKE_TISSUES.entries()) {
      expect({ tissue, there: labels.includes(label) }).toEqual({ tissue, there: true });
    }
  }
});

test('an artery shows the true AIF, the sinus the same bolus later and wider', () => {
  const phantom = strokePhantom(SMALL);
  // sampled half a second beside its maximum
  expect(Math.max(...phantom.aif) / PHANTOM_ARTERY.peak).toBeCloseTo(0.983, 3);
  for (const voxel of phantom.arteryVoxels) {
    expect(area(curveAt(phantom.volume, voxel).map(value => value - 45))).toBeCloseTo(area(phantom.aif), 2);
  }
  expect(area(phantom.vof) / area(phantom.aif)).toBeCloseTo(1, 2);
  expect(phantom.vof.indexOf(Math.max(...phantom.vof))).toBeGreaterThan(phantom.aif.indexOf(Math.max(...phantom.aif)));
  expect(Math.max(...phantom.vof)).toBeLessThan(Math.max(...phantom.aif));
});

test('areas follow the central equations, and the transit time the central volume theorem', () => {
  const phantom = strokePhantom({ ...SMALL, timePoints: 240 });
  for (const tissue of ['gray matter', 'white matter', 'gray matter, penumbra', 'white matter, core'] as const) {
    const voxel = firstOf(phantom, tissue);
    const curve = curveAt(phantom.volume, voxel);
    const contrast = curve.map(value => value - curve[0]!);
    const { CBF, CBV, MTT } = phantom.maps;
    // CBV = 100 (kH / rho) * area of tissue / area of AIF
    expect((((100 * 0.73) / 1.04) * area(contrast)) / area(phantom.aif) / CBV[voxel]!).toBeCloseTo(1, 2);
    expect(MTT[voxel]).toBeCloseTo((60 * CBV[voxel]!) / CBF[voxel]!, 4);
  }
});

test('core and penumbra have their parts of the own tissue, and the volumes are those of the masks', () => {
  const phantom = strokePhantom({ ...SMALL, coreFlow: 0.15, penumbraFlow: 0.45 });
  expect(phantom.maps.CBF[firstOf(phantom, 'gray matter, core')]).toBeCloseTo(9, 5);
  expect(phantom.maps.CBF[firstOf(phantom, 'white matter, penumbra')]).toBeCloseTo(11.25, 5);
  const { spacingMm } = phantom.volume;
  const voxelMl = (spacingMm[0] * spacingMm[1] * spacingMm[2]) / 1000;
  const core = phantom.labels.filter(label => STROKE_TISSUES[label]!.endsWith('core')).length;
  const lesion = phantom.labels.filter(label => /core|penumbra/.test(STROKE_TISSUES[label]!)).length;
  expect(phantom.coreMl).toBeCloseTo(core * voxelMl, 6);
  expect(phantom.hypoperfusionMl).toBeCloseTo(lesion * voxelMl, 6);
  expect(phantom.core.every((inCore, voxel) => !inCore || phantom.hypoperfusion[voxel] === 1)).toBe(true);
  // a penumbra alone has no core, and a flow of 45 % without delay no hypoperfusion
  expect(strokePhantom({ ...SMALL, coreFlow: 0.45 }).coreMl).toBe(0);
  expect(strokePhantom({ ...SMALL, delayS: 2 }).hypoperfusionMl).toBe(0);
});

test('the lesion lies on the right of the patient, which is the left of the image', () => {
  const { core, volume } = strokePhantom(SMALL);
  const [nx] = volume.dimensions;
  expect(core.every((inCore, voxel) => !inCore || voxel % nx < nx / 2)).toBe(true);
});

test('volumes hardly depend on the grid', () => {
  const coarse = strokePhantom({ ...SMALL, timePoints: 2, dimensions: [96, 96, 16] });
  const fine = strokePhantom({ ...SMALL, timePoints: 2, dimensions: [256, 256, 16] });
  expect(coarse.coreMl / fine.coreMl).toBeCloseTo(1, 1);
  expect(coarse.hypoperfusionMl / fine.hypoperfusionMl).toBeCloseTo(1, 1);
});

test('noise has the standard deviation that was asked for, is repeated by its seed, and is whole in 16 bits', () => {
  const clean = strokePhantom({ ...SMALL, timePoints: 20 });
  const noisy = strokePhantom({ ...SMALL, timePoints: 20, noiseSd: 2 });
  const again = strokePhantom({ ...SMALL, timePoints: 20, noiseSd: 2 });
  const other = strokePhantom({ ...SMALL, timePoints: 20, noiseSd: 2, seed: 2 });
  let squares = 0;
  for (let i = 0; i < clean.volume.voxels.length; i++) {
    squares += (noisy.volume.voxels[i]! - clean.volume.voxels[i]!) ** 2;
  }
  expect(Math.sqrt(squares / clean.volume.voxels.length)).toBeCloseTo(2, 1);
  expect(again.volume.voxels).toEqual(noisy.volume.voxels);
  expect(other.volume.voxels).not.toEqual(noisy.volume.voxels);
  const stored = strokePhantom({ ...SMALL, timePoints: 20, noiseSd: 2, wholeNumbers: true });
  expect(stored.volume.voxels).toBeInstanceOf(Int16Array);
  expect(stored.volume.voxels.every((value, i) => Math.abs(value - noisy.volume.voxels[i]!) <= 0.501)).toBe(true);
});

test('MR has the same truth, and its signal gives the AIF back', () => {
  const ct = strokePhantom(SMALL);
  const mr = strokePhantom({ ...SMALL, signal: { kind: 'susceptibility', echoTimeS: 0.03 } });
  expect(mr.maps).toEqual(ct.maps);
  const signal = curveAt(mr.volume, mr.arteryVoxels[0]!);
  const relaxation = signal.map(value => -Math.log(value / signal[0]!) / 0.03);
  for (const [t, value] of relaxation.entries()) expect(value).toBeCloseTo(mr.aif[t]!, 2);
  expect(Math.max(...mr.aif)).toBeGreaterThan(50);
});
