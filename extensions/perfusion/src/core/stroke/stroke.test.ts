import type { Dimensions } from '../masks/components.ts';
import { findMidline } from '../masks/midline.ts';
import { strokePhantom } from '../phantoms/stroke.ts';
import { cleanedMask } from './cleaned-mask.ts';
import { localMedian } from './local-median.ts';
import { referenceFlow } from './reference-flow.ts';
import { DEFAULT_STROKE_THRESHOLDS, type StrokeThresholds, strokeVolumes } from './stroke-volumes.ts';
import { partAround } from './surroundings.ts';

const phantom = strokePhantom({ dimensions: [96, 96, 6], timePoints: 2 });
const { dimensions, spacingMm } = phantom.volume;
const input = {
  // the true maps; Tmax has no offset by a method
  maps: phantom.maps,
  brainMask: phantom.labels.map(label => (label >= 3 ? 1 : 0)),
  tissueMask: phantom.labels.map(label => (label >= 4 && label <= 9 ? 1 : 0)),
  dimensions,
  spacingMm,
};

/** On the phantom's true maps, with rules that are changed. */
function measured(changed: Partial<StrokeThresholds> = {}, maps = input.maps) {
  return strokeVolumes({ ...input, maps }, { ...DEFAULT_STROKE_THRESHOLDS, ...changed });
}

function dice(a: Uint8Array, b: Uint8Array): number {
  let [both, sum] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    both += a[i]! & b[i]!;
    sum += a[i]! + b[i]!;
  }
  return (2 * both) / sum;
}

describe('volumes', () => {
  test('true maps give the true volumes, and the numbers that follow from them', () => {
    const volumes = measured();
    expect(dice(volumes.core, phantom.core)).toBeGreaterThan(0.97);
    expect(volumes.coreMl / phantom.coreMl).toBeCloseTo(1, 1);
    // an artery has no mirror image in the lesion, so small differences are those of the mask
    expect(volumes.hypoperfusedMl / phantom.hypoperfusionMl).toBeCloseTo(1, 2);
    expect(volumes.mismatchMl).toBeCloseTo(volumes.hypoperfusedMl - volumes.coreMl, 9);
    expect(volumes.mismatchRatio).toBeCloseTo(volumes.hypoperfusedMl / volumes.coreMl, 9);
    // the delay is 8 s everywhere
    expect(volumes.hypoperfusionIntensityRatio).toBe(0);
    expect(volumes.tmaxSteps.map(({ volumeMl }) => volumeMl > 0)).toEqual([true, true, false, false]);
  });

  test('thresholds are parameters: 50 % holds the penumbra too, 10 % nothing', () => {
    expect(measured({ coreFlowPart: 0.5 }).coreMl / phantom.hypoperfusionMl).toBeCloseTo(1, 1);
    expect(measured({ coreFlowPart: 0.1 }).coreMl).toBe(0);
    expect(measured({ hypoperfusionTmaxS: 9, severeTmaxS: 10 }).hypoperfusedMl).toBe(0);
    expect(measured({ severeTmaxS: 7 }).hypoperfusionIntensityRatio).toBe(1);
  });

  test('without a core the ratio is not defined, and without hypoperfusion neither is the intensity', () => {
    const healthy = strokePhantom({ dimensions: [96, 96, 6], timePoints: 2, coreFlow: 1, penumbraFlow: 1, delayS: 0 });
    const volumes = measured({}, healthy.maps);
    expect(volumes.coreMl).toBe(0);
    expect(volumes.hypoperfusedMl).toBe(0);
    expect(volumes.mismatchMl).toBe(0);
    expect(volumes.mismatchRatio).toBeNull();
    expect(volumes.hypoperfusionIntensityRatio).toBeNull();
  });

  test('voxels without a value, and a series without a brain, are no stroke', () => {
    const nothing = { CBF: phantom.maps.CBF.map(() => Number.NaN), Tmax: phantom.maps.Tmax.map(() => Number.NaN) };
    expect(measured({}, { ...input.maps, ...nothing })).toMatchObject({ coreMl: 0, hypoperfusedMl: 0 });
    const none = new Uint8Array(input.brainMask.length);
    expect(strokeVolumes({ ...input, brainMask: none, tissueMask: none })).toMatchObject({ coreMl: 0 });
  });

  test('tissue without contrast is core and late: half of it has no value, the rest low flow at any time', () => {
    const lost = (voxel: number) => phantom.core[voxel] === 1 && (voxel * 7919) % 13 < 6;
    const maps = {
      CBF: phantom.maps.CBF.map((flow, voxel) => (lost(voxel) ? Number.NaN : phantom.core[voxel] === 1 ? 2 : flow)),
      Tmax: phantom.maps.Tmax.map((timeS, voxel) =>
        lost(voxel) ? Number.NaN : phantom.core[voxel] === 1 ? (voxel * 31) % 41 : timeS,
      ),
    };
    const volumes = measured({}, { ...input.maps, ...maps });
    expect(dice(volumes.core, phantom.core)).toBeGreaterThan(0.97);
    expect(volumes.hypoperfusedMl / phantom.hypoperfusionMl).toBeCloseTo(1, 1);
    expect(dice(volumes.hypoperfused, phantom.hypoperfusion)).toBeGreaterThan(0.97);
  });

  test('a core that has flow is late where its own Tmax says so', () => {
    const isSevere = (voxel: number) => phantom.core[voxel] === 1 && voxel % 3 > 0;
    const Tmax = phantom.maps.Tmax.map((timeS, voxel) => (isSevere(voxel) ? 12 : timeS));
    const severeVoxels = input.tissueMask.filter((inside, voxel) => inside === 1 && isSevere(voxel)).length;
    const { hypoperfusionIntensityRatio, hypoperfusedMl } = measured({ leastMl: 0 }, { ...input.maps, Tmax });
    const voxelMl = (spacingMm[0] * spacingMm[1] * spacingMm[2]) / 1000;
    expect(hypoperfusionIntensityRatio).toBeCloseTo((severeVoxels * voxelMl) / hypoperfusedMl, 9);
  });

  test('healthy tissue that noise has left without a value is neither, even where islands count', () => {
    const healthy = strokePhantom({ dimensions: [96, 96, 6], timePoints: 2, coreFlow: 1, penumbraFlow: 1, delayS: 0 });
    const without = (map: Float32Array) => map.map((value, voxel) => ((voxel * 7919) % 13 < 2 ? Number.NaN : value));
    const maps = { CBF: without(healthy.maps.CBF), Tmax: without(healthy.maps.Tmax) };
    const volumes = measured({ leastMl: 0 }, { ...healthy.maps, ...maps });
    expect(volumes.hypoperfusedMl).toBe(0);
    expect(volumes.coreMl).toBe(measured({ leastMl: 0 }, healthy.maps).coreMl);
  });

  test('the rules are there in words', () => {
    const { coreReference, further } = measured();
    expect(coreReference).toBe('the same tissue on the other side (median within 5 mm of the mirrored voxel)');
    expect(further).toContain('Islands and holes below 1 mL do not count.');
    expect(further.join(' ')).toContain('Tissue without measurable contrast has no flow');
    expect(measured({ reference: { kind: 'hemisphere' } }).coreReference).toContain('other hemisphere');
  });

  test.each([
    [{ coreFlowPart: 30 }, '30 cannot be'],
    [{ coreFlowPart: Number.NaN }, 'NaN cannot be'],
    [{ hypoperfusionTmaxS: -1 }, '-1 cannot be'],
    [{ severeTmaxS: 4 }, '4 s cannot be'],
    [{ leastMl: -2 }, '-2 cannot be'],
  ])('%o is refused', (changed, message) => {
    expect(() => measured(changed)).toThrow(message);
  });

  test('masks of another size are refused', () => {
    expect(() => strokeVolumes({ ...input, tissueMask: new Uint8Array(5) })).toThrow('The tissue mask has 5 values');
  });
});

describe('the reference', () => {
  const midline = findMidline(input.brainMask, dimensions, spacingMm)!;
  const gray = Array.from(phantom.labels.keys()).filter(voxel => phantom.labels[voxel] === 8);
  const white = Array.from(phantom.labels.keys()).filter(voxel => phantom.labels[voxel] === 9);

  test('is per tissue when mirrored: normal gray matter for gray, white for white', () => {
    const mirrored = { kind: 'mirrored', radiusMm: 5 } as const;
    const { CBF } = phantom.maps;
    const references = referenceFlow(CBF, input.tissueMask, midline, dimensions, spacingMm, mirrored);
    const near = (voxels: number[], flow: number) =>
      voxels.filter(voxel => Math.abs(references[voxel]! - flow) < 0.5).length / voxels.length;
    expect(near(gray, 60)).toBeGreaterThan(0.9);
    expect(near(white, 25)).toBeGreaterThan(0.9);
  });

  test('is one value per hemisphere when that is asked for', () => {
    const { CBF } = phantom.maps;
    const references = referenceFlow(CBF, input.tissueMask, midline, dimensions, spacingMm, { kind: 'hemisphere' });
    expect(new Set([...gray, ...white].map(voxel => references[voxel])).size).toBe(1);
    expect([25, 60]).toContain(references[gray[0]!]);
  });
});

describe('local median', () => {
  const grid: Dimensions = [17, 11, 2];
  const map = Float32Array.from({ length: 17 * 11 * 2 }, (_, i) => ((i * 7919) % 97) + 1);
  const mask = Uint8Array.from(map, (_, i) => ((i * 31) % 7 === 0 ? 0 : 1));
  map[40] = Number.NaN;

  test('is the median of a disk of values that count, within a bin', () => {
    const spacing = [1, 1.4, 5] as const;
    const medians = localMedian(map, mask, grid, spacing, 3);
    for (let voxel = 0; voxel < map.length; voxel++) {
      const [x, y, z] = [voxel % 17, Math.floor(voxel / 17) % 11, Math.floor(voxel / 187)];
      const values = Array.from(map).filter((value, other) => {
        const dx = (other % 17) - x;
        const dy = ((Math.floor(other / 17) % 11) - y) * 1.4;
        return Math.floor(other / 187) === z && dx * dx + dy * dy <= 9 && mask[other] === 1 && !Number.isNaN(value);
      });
      values.sort((a, b) => a - b);
      expect(Math.abs(medians[voxel]! - values[(values.length - 1) >> 1]!)).toBeLessThan(0.1);
    }
  });

  test('has no value where none counts, and takes negative ones for 0', () => {
    expect(localMedian(map, new Uint8Array(map.length), grid, [1, 1, 1], 3).every(Number.isNaN)).toBe(true);
    const negative = map.map(() => -3);
    expect(Math.max(...localMedian(negative, mask, grid, [1, 1, 1], 2))).toBe(0);
  });
});

test('the surroundings are the tissue in a disk of the slice', () => {
  const grid: Dimensions = [11, 9, 2];
  const tissue = Uint8Array.from({ length: 198 }, (_, i) => ((i * 31) % 7 === 0 ? 0 : 1));
  const marked = tissue.map((inside, i) => inside & ((i * 7919) % 97 < 48 ? 1 : 0));
  const partOf = partAround(marked, tissue, grid, [1, 1.4, 5], 3);
  const place = (i: number) => [i % 11, (Math.floor(i / 11) % 9) * 1.4, Math.floor(i / 99)] as const;
  for (const voxel of tissue.keys()) {
    const [x, y, z] = place(voxel);
    const disk = Array.from(tissue.keys()).filter(other => {
      const [otherX, otherY, otherZ] = place(other);
      return tissue[other] === 1 && otherZ === z && (otherX - x) ** 2 + (otherY - y) ** 2 <= 9;
    });
    expect(partOf(voxel)).toBe(disk.filter(other => marked[other] === 1).length / disk.length);
  }
  expect(partAround(marked, new Uint8Array(198), grid, [1, 1.4, 5], 3)(40)).toBe(0);
});

test('islands go and holes are filled, but not with what is no tissue', () => {
  const grid: Dimensions = [9, 7, 1];
  const rows = ['.........', '.#####..#', '.#.###...', '.#####...', '.##.##...', '.#####...', '.........'];
  const mask = Uint8Array.from(rows.join(''), character => (character === '#' ? 1 : 0));
  const tissue = new Uint8Array(63).fill(1);
  tissue[4 * 9 + 3] = 0;
  const cleaned = cleanedMask(mask, tissue, grid, 3);
  expect(cleaned[9 + 8]).toBe(0);
  expect(cleaned[2 * 9 + 2]).toBe(1);
  expect(cleaned[4 * 9 + 3]).toBe(0);
  expect(cleaned.reduce((sum, value) => sum + value, 0)).toBe(24);
  expect(cleanedMask(mask, tissue, grid, 1)).toEqual(mask);
});
