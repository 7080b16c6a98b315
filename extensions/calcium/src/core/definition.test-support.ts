import type { Convention, HuVolume } from './index.ts';

/**
 * The definition of docs/calcium-method.md, written down slowly: nested arrays, sets of "x,y,z" keys and a
 * flood fill. It shares nothing with the scorer under test, so that equal answers mean something.
 */

export interface DefinedComponent {
  readonly slice: number;
  readonly keys: readonly string[];
  readonly peakHu: number;
  readonly weight: number;
}

export interface DefinedLesion {
  readonly keys: ReadonlySet<string>;
  readonly components: readonly DefinedComponent[];
}

export interface DefinedScore {
  readonly agatston: number;
  readonly volumeMm3: number;
  readonly components: readonly DefinedComponent[];
  readonly lesions: readonly DefinedLesion[];
}

const keyOf = (x: number, y: number, z: number) => `${x},${y},${z}`;
const numbersOf = (key: string) => key.split(',').map(Number) as [number, number, number];

/** Splits voxels into connected groups, each in the order in which its first voxel was given. */
function groups(voxels: ReadonlySet<string>, isNeighbour: (steps: readonly number[]) => boolean): string[][] {
  const steps = [-1, 0, 1];
  const offsets = steps.flatMap(z => steps.flatMap(y => steps.map(x => [x, y, z]))).filter(isNeighbour);
  const left = new Set(voxels);
  const found: string[][] = [];
  for (const first of voxels) {
    if (!left.delete(first)) continue;
    const group = [first];
    for (const key of group) {
      const [x, y, z] = numbersOf(key);
      for (const [dx, dy, dz] of offsets) {
        const next = keyOf(x + dx!, y + dy!, z + dz!);
        if (left.delete(next)) group.push(next);
      }
    }
    found.push(group);
  }
  return found;
}

export function scoreByDefinition({ voxels, dimensions, spacingMm }: HuVolume, convention: Convention): DefinedScore {
  const [nx, ny, nz] = dimensions;
  const [dx, dy, incrementMm] = spacingMm;
  const { minimumLesion, connectivity, weightEdgesHu } = convention;
  const hu = new Map<string, number>();
  const slices = Array.from({ length: nz }, () => new Set<string>());
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        const value = voxels[x + nx * (y + ny * z)]!;
        if (value < convention.thresholdHu) continue;
        hu.set(keyOf(x, y, z), value);
        slices[z]!.add(keyOf(x, y, z));
      }
    }
  }

  const away = (offset: readonly number[]) => offset.filter(step => step !== 0).length;
  const inPlane = (offset: readonly number[]) => offset[2] === 0 && away(offset) >= 1;
  const components = slices.flatMap((slice, z) =>
    groups(slice, offset => inPlane(offset) && (connectivity === 8 || away(offset) === 1))
      .filter(keys =>
        minimumLesion.rule === 'pixels'
          ? keys.length >= minimumLesion.pixels
          : keys.length * dx * dy > minimumLesion.areaMm2 * 0.99999,
      )
      .map(keys => {
        const peakHu = Math.max(...keys.map(key => hu.get(key)!));
        return { slice: z, keys, peakHu, weight: weightEdgesHu.filter(edge => peakHu >= edge).length };
      }),
  );

  const counted = new Set(components.flatMap(({ keys }) => keys));
  const lesions = groups(counted, offset => away(offset) >= 1 && (connectivity === 8 || away(offset) === 1)).map(
    group => {
      const keys = new Set(group);
      return { keys, components: components.filter(component => keys.has(component.keys[0]!)) };
    },
  );

  const perComponent = components.map(({ keys, weight }) => keys.length * dx * dy * weight);
  const factor = convention.equivalent3mm ? incrementMm / 3 : 1;
  return {
    agatston: perComponent.reduce((sum, score) => sum + score, 0) * factor,
    volumeMm3: counted.size * dx * dy * incrementMm,
    components,
    lesions,
  };
}
