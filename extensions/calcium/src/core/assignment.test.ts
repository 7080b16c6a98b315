import {
  forSeeds,
  integer,
  lesionsOf,
  positionOf,
  type Random,
  randomVolume,
  volumeWith,
} from './calcium.test-support.ts';
import {
  type Assignment,
  assignLesion,
  type HuVolume,
  type LesionSet,
  lesionAt,
  scoreLesions,
  VESSELS,
  type Vessel,
  vesselsOfLesions,
} from './index.ts';

const VESSELS_OR_NONE: readonly (Vessel | null)[] = [...VESSELS, null];

/** Two bright blobs that a faint bridge joins at low thresholds, and a third blob far away. */
function dumbbell(): HuVolume {
  return volumeWith([30, 8, 2], [0.5, 0.5, 3], (x, y) => {
    if (y < 2 || y > 5) return 0;
    if ((x >= 2 && x < 6) || (x >= 10 && x < 14)) return 400;
    if (x >= 6 && x < 10 && y === 3) return 150;
    return x >= 22 && x < 26 ? 250 : 0;
  });
}

const at = (volume: HuVolume, thresholdHu: number) => lesionsOf(volume, { thresholdHu });

/** Vessels at the left blob, the right blob and the far blob. */
function vesselsAt(set: LesionSet, assignments: readonly Assignment[]) {
  const vessels = vesselsOfLesions(set, assignments);
  return [3, 11, 23].map(x => vessels[lesionAt(set, x, 3, 0)]);
}

const assigned = (set: LesionSet, x: number, vessel: Vessel | null) =>
  assignLesion(set, lesionAt(set, x, 3, 0), vessel);

describe('assignments', () => {
  test('vessels come in report order', () => {
    expect(VESSELS).toEqual(['LM', 'LAD', 'LCX', 'RCA']);
  });

  test('without decisions no lesion has a vessel', () => {
    expect(vesselsOfLesions(at(dumbbell(), 130), [])).toEqual([null, null]);
  });

  test('a decision concerns its lesion and no other', () => {
    const set = at(dumbbell(), 200);
    expect(vesselsAt(set, [assigned(set, 3, 'LAD')])).toEqual(['LAD', null, null]);
    expect(vesselsAt(set, [assigned(set, 3, 'LAD'), assigned(set, 23, 'RCA')])).toEqual(['LAD', null, 'RCA']);
  });

  test('voxels that only border on a lesion do not decide it', () => {
    const set = at(dumbbell(), 200); // the left blob holds x 2 to 5 of rows 2 to 5
    const voxels = (start: number, end: number, row = 3) => ({
      row: Int32Array.of(row),
      start: Int32Array.of(start),
      end: Int32Array.of(end),
    });
    const decided = (...runs: [number, number, number?]) =>
      vesselsAt(set, [{ vessel: 'LAD', voxels: voxels(...runs) }]);
    for (const beside of [decided(0, 2), decided(6, 10), decided(2, 6, 1), decided(2, 6, 6)]) {
      expect(beside).toEqual([null, null, null]);
    }
    for (const sharing of [decided(0, 3), decided(5, 10), decided(3, 4), decided(2, 6, 5)]) {
      expect(sharing).toEqual(['LAD', null, null]);
    }
    expect(decided(5, 11)).toEqual(['LAD', 'LAD', null]);
  });

  test('the latest decision wins, none included', () => {
    const set = at(dumbbell(), 200);
    const decisions = [assigned(set, 3, 'LAD'), assigned(set, 3, 'LCX'), assigned(set, 3, null)];
    expect([1, 2, 3].map(n => vesselsAt(set, decisions.slice(0, n))[0])).toEqual(['LAD', 'LCX', null]);
  });

  test('a lesion that falls apart keeps its vessel in all parts, and is whole again after', () => {
    const volume = dumbbell();
    const decisions = [assigned(at(volume, 130), 3, 'LAD')];
    expect(vesselsAt(at(volume, 130), decisions)).toEqual(['LAD', 'LAD', null]);
    expect(vesselsAt(at(volume, 200), decisions)).toEqual(['LAD', 'LAD', null]);
    expect(vesselsAt(at(volume, 300), decisions)).toEqual(['LAD', 'LAD', undefined]);
    expect(vesselsAt(at(volume, 130), decisions)).toEqual(['LAD', 'LAD', null]);
  });

  test('lesions that grow together take the latest of their decisions, and part again with their own', () => {
    const volume = dumbbell();
    const high = at(volume, 200);
    const decisions = [assigned(high, 11, 'LCX'), assigned(high, 3, 'LM')];
    expect(vesselsAt(at(volume, 130), decisions)).toEqual(['LM', 'LM', null]);
    expect(vesselsAt(high, decisions)).toEqual(['LM', 'LCX', null]);
  });

  test('a part can be given to another vessel: split at a high threshold, then back', () => {
    const volume = dumbbell();
    const whole = assigned(at(volume, 130), 3, 'LAD');
    const part = assigned(at(volume, 200), 11, 'LM');
    expect(vesselsAt(at(volume, 200), [whole, part])).toEqual(['LAD', 'LM', null]);
    expect(vesselsAt(at(volume, 130), [whole, part])).toEqual(['LM', 'LM', null]);
  });

  test('a lesion that is gone at a high threshold has its vessel again when it returns', () => {
    const volume = dumbbell();
    const decisions = [assigned(at(volume, 130), 23, 'RCA')];
    expect(lesionAt(at(volume, 300), 23, 3, 0)).toBe(-1);
    expect(vesselsAt(at(volume, 130), decisions)[2]).toBe('RCA');
  });
});

/** Vessels by the definition: for every lesion, the last decision that shares a voxel with it. */
function vesselsByDefinition(set: LesionSet, decisions: readonly Assignment[]): (Vessel | null)[] {
  const [nx, ny] = set.dimensions;
  const members = Array.from({ length: set.lesions.count }, () => new Set<number>());
  for (let voxel = 0; voxel < nx * ny * set.dimensions[2]; voxel++) {
    members[lesionAt(set, ...positionOf(voxel, set.dimensions))]?.add(voxel);
  }
  const decided = decisions.map(({ vessel, voxels: { row, start, end } }) => ({
    vessel,
    voxels: [...row].flatMap((r, i) => Array.from({ length: end[i]! - start[i]! }, (_, n) => r * nx + start[i]! + n)),
  }));
  return members.map(
    lesion => decided.findLast(({ voxels }) => voxels.some(voxel => lesion.has(voxel)))?.vessel ?? null,
  );
}

function expectSumsToEqualTotal(set: LesionSet, vessels: readonly (Vessel | null)[]): void {
  const total = scoreLesions(set);
  const parts = VESSELS_OR_NONE.map(vessel => scoreLesions(set, lesion => vessels[lesion] === vessel));
  const sum = (of: 'agatston' | 'volumeMm3' | 'lesions' | 'lesionSlices') =>
    parts.reduce((subtotal, part) => subtotal + part[of], 0);
  expect(sum('agatston')).toBeCloseTo(total.agatston, 6);
  expect(sum('volumeMm3')).toBeCloseTo(total.volumeMm3, 6);
  expect(sum('lesions')).toBe(total.lesions);
  expect(sum('lesionSlices')).toBe(total.lesionSlices);
}

function randomDecision(random: Random, set: LesionSet): Assignment | null {
  if (set.lesions.count === 0) return null;
  return assignLesion(set, integer(random, 0, set.lesions.count - 1), VESSELS_OR_NONE[integer(random, 0, 4)]!);
}

describe('any sequence of decisions, undos and thresholds', () => {
  test('vessels and unassigned always add up to the total; each lesion has its latest decision', async () => {
    await forSeeds(15, random => {
      const volume = randomVolume(random, [34, 14, 3], 0.12);
      let set = at(volume, 130);
      let decisions: readonly Assignment[] = [];
      const undone: { vessels: (Vessel | null)[]; decisions: readonly Assignment[] }[] = [];
      for (let step = 0; step < 25; step++) {
        const choice = random();
        if (choice < 0.25) {
          set = at(volume, integer(random, 50, 300));
          undone.length = 0; // snapshots belong to a threshold
        } else if (choice < 0.45 && undone.length > 0) {
          const before = undone.pop()!;
          decisions = decisions.slice(0, -1);
          expect(decisions).toEqual(before.decisions);
          expect(vesselsOfLesions(set, decisions)).toEqual(before.vessels);
        } else {
          const decision = randomDecision(random, set);
          if (!decision) continue;
          undone.push({ vessels: vesselsOfLesions(set, decisions), decisions });
          decisions = [...decisions, decision];
        }
        const vessels = vesselsOfLesions(set, decisions);
        expect(vessels).toEqual(vesselsByDefinition(set, decisions));
        expectSumsToEqualTotal(set, vessels);
      }
    });
  });

  test('what was decided at one threshold holds for every part at a higher one, and exactly again back there', async () => {
    await forSeeds(10, random => {
      const volume = randomVolume(random, [40, 16, 4], 0.15);
      const set = at(volume, 130);
      const decisions = Array.from({ length: 12 }, () => randomDecision(random, set)).filter(d => d !== null);
      const before = vesselsOfLesions(set, decisions);
      for (const thresholdHu of [131, 180, 250, 350, 100, 50]) {
        const other = at(volume, thresholdHu);
        const vessels = vesselsOfLesions(other, decisions);
        expectSumsToEqualTotal(other, vessels);
        if (thresholdHu < 130) continue;
        for (let lesion = 0; lesion < other.lesions.count; lesion++) {
          const [x, y, z] = positionOf(other.lesions.peakVoxel[lesion]!, volume.dimensions);
          expect(vessels[lesion]).toBe(before[lesionAt(set, x, y, z)]);
        }
      }
      expect(vesselsOfLesions(at(volume, 130), decisions)).toEqual(before);
    });
  });
});
