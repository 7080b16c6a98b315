import { secondsOfDay } from './dicom-time.ts';

/** When and in which acquisition a slice was made, as far as its header says; '' or undefined where it does not. */
export interface AcquisitionAttributes {
  readonly acquisitionNumber?: string | undefined;
  readonly acquisitionTime?: string | undefined;
  readonly instanceNumber?: string | undefined;
}

/** Two slices of different acquisitions, as indices into the slices along z, and what tells them apart. */
export interface Interleaving {
  readonly a: number;
  readonly b: number;
  readonly attribute: 'AcquisitionNumber' | 'AcquisitionTime' | 'InstanceNumber';
}

/** As many acquisitions as are looked for by numbers and times that differ from slice to slice. */
const MOST_INTERLEAVED = 4;

/**
 * Finds acquisitions that lie in each other's gaps: two scans of one place, shifted by part of an increment, make one even
 * stack that no scan is. The blocks of a step-and-shoot scan lie one behind the other, take turns for a few slices where their
 * edges overlap, or were recorded again between others: that is one volume. Instance numbers are asked only where there is nothing better.
 * @param slices by ascending position
 */
export function findInterleaving(slices: readonly AcquisitionAttributes[]): Interleaving | null {
  const read = (attribute: keyof AcquisitionAttributes) => slices.map(slice => (slice[attribute] ?? '').trim());
  const numbers = read('acquisitionNumber');
  const times = read('acquisitionTime');
  const hasNumbers = !numbers.includes('');
  const hasTimes = !times.includes('');
  const byNumber = hasNumbers ? (takingTurns(numbers) ?? alternating(numbers.map(Number))) : null;
  if (byNumber) return { ...byNumber, attribute: 'AcquisitionNumber' };
  const byTime = hasTimes ? alternating(times.map(secondsOfDay)) : null;
  if (byTime) return { ...byTime, attribute: 'AcquisitionTime' };
  const byInstance = hasNumbers || hasTimes ? null : alternating(read('instanceNumber').map(Number));
  return byInstance && { ...byInstance, attribute: 'InstanceNumber' };
}

type Pair = Pick<Interleaving, 'a' | 'b'>;

/** Acquisitions that take turns more often than the one with fewer slices has slices. Blocks take turns once or twice. */
function takingTurns(labels: readonly string[]): Pair | null {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const acquisitions = [...counts].map(([label, count]) => ({ label, count }));
  for (const [index, one] of acquisitions.entries()) {
    for (const other of acquisitions.slice(index + 1)) {
      if (one.count === 1 && other.count === 1) continue; // every slice may have its own number
      const ofBoth = labels.filter(label => label === one.label || label === other.label);
      const turns = ofBoth.filter((label, at) => at > 0 && label !== ofBoth[at - 1]).length;
      if (turns > Math.min(one.count, other.count)) {
        return { a: labels.indexOf(one.label), b: labels.indexOf(other.label) };
      }
    }
  }
  return null;
}

/**
 * Values that differ from slice to slice, as the times of a helical scan do: every second (third, fourth) one rises or falls
 * steadily, within a range of its own. In one scan all of them do so together.
 */
function alternating(values: readonly number[]): Pair | null {
  if (!values.every(Number.isFinite)) return null;
  for (let count = 2; count <= MOST_INTERLEAVED && values.length >= 2 * count; count++) {
    const parts = Array.from({ length: count }, (_, part) => values.filter((_, index) => index % count === part));
    const ranges = parts.map(part => [Math.min(...part), Math.max(...part)] as const).sort((a, b) => a[0] - b[0]);
    const areApart = ranges.slice(1).every(([lowest], index) => lowest > ranges[index]![1]);
    if (areApart && parts.every(isSteady)) return { a: 0, b: 1 };
  }
  return null;
}

function isSteady(values: readonly number[]): boolean {
  const steps = values.slice(1).map((value, index) => value - values[index]!);
  return steps.every(step => step >= 0) || steps.every(step => step <= 0);
}
