import { forSeeds, integer, lesionsOf, positionOf, type Random, randomVolume } from '../calcium.test-support.ts';
import {
  applyEdits,
  type Convention,
  type Edit,
  editsAsPlain,
  editsFromPlain,
  type LabeledLesions,
  type LesionSet,
  labelEdits,
  partAt,
  type Score,
  scoreLabel,
  scoreLesions,
  scoreParts,
  voxelsOfLabel,
  voxelsOfParts,
} from '../index.ts';
import { keysOf, LABELS, labelsByDefinition, randomEdit, randomEdits } from './editing.test-support.ts';

const volumeOf = (random: Random) =>
  randomVolume(random, [integer(random, 4, 40), integer(random, 4, 14), integer(random, 1, 4)], 0.1 + random() * 0.3);

const integersOf = ({ set, parts }: LabeledLesions, include: (part: number) => boolean) => {
  const sum = (column: ArrayLike<number>) =>
    Array.from({ length: parts.count }, (_, part) => (include(part) ? column[part]! : 0)).reduce((a, b) => a + b, 0);
  const isotropic = set.lesions.isotropicVoxels && sum(parts.isotropicVoxels!);
  return [sum(parts.voxels), sum(parts.weightedPixels), sum(parts.sumHu), isotropic];
};

/** Sums over vessels, excluded and unassigned are those of all lesions: whole numbers exactly, scores up to rounding. */
function expectSumsToEqualTotal(labeled: LabeledLesions): void {
  const { set } = labeled;
  const sumOf = (column: ArrayLike<number>) => Array.from(column).reduce((a, b) => a + b, 0);
  const { lesions } = set;
  const total = [
    sumOf(lesions.voxels),
    sumOf(lesions.weightedPixels),
    sumOf(lesions.sumHu),
    lesions.isotropicVoxels && sumOf(lesions.isotropicVoxels),
  ];
  expect(integersOf(labeled, () => true)).toEqual(total);
  const byLabel = LABELS.map(label => integersOf(labeled, part => labeled.parts.label[part] === label));
  const summed = byLabel.reduce((a, b) => a.map((value, i) => (value === null ? null : value + b[i]!)));
  expect(summed).toEqual(total);
  const scores = LABELS.map(label => scoreLabel(labeled, label));
  const whole = scoreLesions(set);
  for (const quantity of ['agatston', 'volumeMm3'] as const) {
    expect(scores.reduce((subtotal, score) => subtotal + score[quantity], 0)).toBeCloseTo(whole[quantity], 6);
  }
  expect(scoreParts(labeled)).toEqual(whole);
}

/** Every column of the part table, by walking over all voxels. */
function expectTablesByDefinition(labeled: LabeledLesions, hu: ArrayLike<number>, edits: readonly Edit[]): void {
  const { set, parts } = labeled;
  const expected = labelsByDefinition(set, edits);
  const members = new Map<string, number[]>();
  const [nx, ny, nz] = set.dimensions;
  for (let voxel = 0; voxel < nx * ny * nz; voxel++) {
    const position = positionOf(voxel, set.dimensions);
    const defined = expected.get(position.join());
    const part = partAt(labeled, ...position);
    if (!defined) {
      expect(part).toBe(-1);
      continue;
    }
    expect([parts.lesion[part], parts.label[part]]).toEqual([defined.lesion, defined.label]);
    const key = `${part} | ${defined.lesion} ${defined.cell} ${defined.label}`;
    members.set(key, [...(members.get(key) ?? []), voxel]);
  }
  // One part for every combination of lesion, sides of cuts and label, and the other way round.
  expect(members.size).toBe(parts.count);
  expect(new Set([...members.keys()].map(key => key.split(' | ')[1])).size).toBe(parts.count);

  const rowOf = (voxel: number) => Math.floor(voxel / nx);
  const componentAt = (voxel: number) => {
    for (let run = set.runs.rowStart[rowOf(voxel)]!; ; run++) {
      if (set.runs.end[run]! > voxel % nx) return set.componentOfRun[run]!;
    }
  };
  for (const [key, voxels] of members) {
    const part = Number(key.split(' ')[0]);
    const slices = voxels.map(voxel => Math.floor(voxel / (nx * ny)));
    const peakHu = Math.max(...voxels.map(voxel => hu[voxel]!));
    const components = voxels.map(componentAt);
    expect({
      voxels: parts.voxels[part],
      weightedPixels: parts.weightedPixels[part],
      components: parts.components[part],
      sumHu: parts.sumHu[part],
      peakHu: parts.peakHu[part],
      peakVoxel: parts.peakVoxel[part],
      slices: [parts.firstSlice[part], parts.lastSlice[part]],
    }).toEqual({
      voxels: voxels.length,
      weightedPixels: components.reduce((sum, component) => sum + set.components.weight[component]!, 0),
      components: new Set(components).size,
      sumHu: voxels.reduce((sum, voxel) => sum + hu[voxel]!, 0),
      peakHu,
      peakVoxel: voxels.find(voxel => hu[voxel] === peakHu),
      slices: [Math.min(...slices), Math.max(...slices)],
    });
    expect(
      keysOf(
        voxelsOfParts(labeled, p => p === part),
        ny,
      ),
    ).toEqual(voxels.map(voxel => positionOf(voxel, set.dimensions).join()));
  }
  // Parts are ordered by lesion, then by their first voxels.
  const firsts = [...members]
    .sort(([a], [b]) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
    .map(([, voxels]) => voxels[0]!);
  for (let part = 1; part < parts.count; part++) {
    const isSameLesion = parts.lesion[part] === parts.lesion[part - 1];
    expect(isSameLesion ? firsts[part]! > firsts[part - 1]! : parts.lesion[part]! > parts.lesion[part - 1]!).toBe(true);
  }
}

describe('any sequence of edits', () => {
  test('gives what the definition of the edits gives, voxel by voxel', async () => {
    await forSeeds(40, random => {
      const volume = volumeOf(random);
      const set = lesionsOf(volume, { connectivity: random() < 0.5 ? 8 : 4 });
      const edits = randomEdits(random, set, 12);
      expectTablesByDefinition(applyEdits(set, edits), volume.voxels, edits);
    });
  });

  test('and of undoing, other conventions and reopening: no sum over vessels and unassigned ever changes', async () => {
    await forSeeds(30, random => {
      const volume = volumeOf(random);
      let convention: Partial<Convention> = {};
      let set = lesionsOf(volume);
      let edits: readonly Edit[] = [];
      /** What the edits gave one by one, under the present convention. */
      const before: LabeledLesions[] = [];
      for (let step = 0; step < 40; step++) {
        const labeled = applyEdits(set, edits);
        expectSumsToEqualTotal(labeled);
        const choice = random();
        if (choice < 0.15) {
          before.length = 0;
          const volumeMethod = random() < 0.3 ? 'isotropic' : 'voxels';
          convention = { ...convention, thresholdHu: integer(random, 60, 300), volumeMethod };
          const other = lesionsOf(volume, convention);
          expectSumsToEqualTotal(applyEdits(other, edits));
          expect(applyEdits(set, edits)).toEqual(labeled);
          set = other;
        } else if (choice < 0.35 && before.length > 0) {
          edits = edits.slice(0, -1);
          expect(applyEdits(set, edits)).toEqual(before.pop());
        } else if (choice < 0.45) {
          const reopened = editsFromPlain(JSON.parse(JSON.stringify(editsAsPlain(edits))), set.dimensions);
          expect(reopened).toEqual(edits);
          expect(applyEdits(set, reopened)).toEqual(labeled);
        } else {
          const edit = randomEdit(random, labeled);
          if (!edit) continue;
          before.push(labeled);
          edits = [...edits, edit];
        }
      }
    });
  });

  test('of fractional values: the parts’ sums of HU are those of the whole up to rounding', async () => {
    await forSeeds(6, random => {
      const whole = volumeOf(random);
      const volume = { ...whole, voxels: Float32Array.from(whole.voxels, value => value + random() - 0.5) };
      const set = lesionsOf(volume);
      const { parts } = applyEdits(set, randomEdits(random, set, 12));
      const sum = (column: Float64Array) => column.reduce((a, b) => a + b, 0);
      expect(sum(parts.sumHu)).toBeCloseTo(sum(set.lesions.sumHu), 3);
      expect(sum(parts.weightedPixels)).toBe(sum(set.lesions.weightedPixels));
    });
  });
});

describe('labels as they are, made again', () => {
  test('from voxels or from few edits, are the same on every voxel', async () => {
    await forSeeds(25, random => {
      const set: LesionSet = lesionsOf(volumeOf(random));
      const labeled = applyEdits(set, randomEdits(random, set, 15));
      const labels = LABELS.filter(label => label !== null);
      const painted = labels.map((label): Edit => ({ kind: 'paint', label, voxels: voxelsOfLabel(labeled, label) }));
      const scores = (of: LabeledLesions): Score[] => LABELS.map(label => scoreLabel(of, label));
      const voxels = (of: LabeledLesions) => labels.map(label => voxelsOfLabel(of, label));
      for (const edits of [painted, labels.flatMap(label => labelEdits(labeled, label))]) {
        const again = applyEdits(set, edits);
        expect(voxels(again)).toEqual(voxels(labeled));
        expect(scores(again)).toEqual(scores(labeled));
      }
    });
  });
});
