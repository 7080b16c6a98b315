import type { MammographyPayload } from '@voxelwise/contract';

type Finding = MammographyPayload['findings'][number];

/** Two marks are the same finding from this intersection over union on. */
export const SAME_FINDING_IOU = 0.5;

/**
 * F1 = 2 TP / (2 TP + FP + FN) of the marks, 1 where neither has any; times the share that is equal of what both state beside
 * the marks: density and BI-RADS category.
 *
 * A pair of marks counts once as TP: same image, same type, intersection over union of at least 0.5. Pairs are chosen so that
 * there are as many as possible (maximum bipartite matching), so the order of the marks does not matter.
 */
export function agreementOfFindings(a: MammographyPayload, b: MammographyPayload): number {
  const marks = a.findings.length + b.findings.length;
  const f1 = marks === 0 ? 1 : (2 * countMatches(a.findings, b.findings)) / marks;
  const stated = [
    [a.density, b.density],
    [a.suggestedBiRads, b.suggestedBiRads],
  ].filter(([one, other]) => one !== null && other !== null);
  const equal = stated.filter(([one, other]) => one === other);
  return stated.length === 0 ? f1 : f1 * (equal.length / stated.length);
}

/** Most pairs of same findings, each used once: augmenting paths (Kuhn). */
function countMatches(a: readonly Finding[], b: readonly Finding[]): number {
  const candidates = a.map(one => b.flatMap((other, index) => (isSameFinding(one, other) ? [index] : [])));
  const partnerInA = new Array<number | undefined>(b.length);
  let matches = 0;
  for (let start = 0; start < a.length; start++) {
    const visited = new Set<number>();
    const findPartner = (inA: number): boolean =>
      candidates[inA]!.some(inB => {
        if (visited.has(inB)) return false;
        visited.add(inB);
        const taken = partnerInA[inB];
        if (taken !== undefined && !findPartner(taken)) return false;
        partnerInA[inB] = inA;
        return true;
      });
    if (findPartner(start)) matches++;
  }
  return matches;
}

function isSameFinding(a: Finding, b: Finding): boolean {
  if (a.sopInstanceUid !== b.sopInstanceUid || a.type !== b.type) return false;
  const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
  const height = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
  if (width <= 0 || height <= 0) return false;
  const intersection = width * height;
  // I / (A + B - I) >= t, without the rounding of a division: whole pixels are compared exactly.
  return (1 + SAME_FINDING_IOU) * intersection >= SAME_FINDING_IOU * (areaOf(a) + areaOf(b));
}

function areaOf({ box }: Finding): number {
  return (box.right - box.left) * (box.bottom - box.top);
}
