import type { PredictionRecord, ReasonCode, Review, ReviewPart, ReviewState } from '../contract.ts';

/** Reasons as readers say them. */
export const REASON_WORDS: Readonly<Record<ReasonCode, string>> = {
  'false-positive': 'Something is marked that is none',
  'false-negative': 'Something is missed',
  'wrong-location': 'Wrong place',
  'wrong-boundary': 'Wrong outline',
  'wrong-measurement': 'Wrong measurement',
  'poor-image-quality': 'Poor image quality',
  'wrong-series': 'Wrong series',
  'changed-by-reader': 'Changed by the reader',
  other: 'Other',
};

export const PART_WORDS: Readonly<Record<ReviewPart, string>> = {
  first: 'First read',
  second: 'Second read',
  adjudication: 'Adjudication',
};

const ACTION_WORDS: Readonly<Record<Review['action'], string>> = {
  accept: 'accepted',
  reject: 'rejected',
  edit: 'corrected',
};

/** Where the reviews of a record stand, as far as the reader may know. */
export function statusWords({ status, count, isBlinded, groundTruth }: ReviewState): string {
  if (isBlinded && count > 0) {
    return `${count === 1 ? '1 read' : `${count} reads`} filed; hidden until you have filed yours`;
  }
  const agreement =
    groundTruth && groundTruth.agreement !== null ? `, agreement ${Math.round(groundTruth.agreement * 100)} %` : '';
  switch (status) {
    case 'unreviewed':
      return 'Not reviewed';
    case 'single-read':
      return `One read${agreement}`;
    case 'agreed':
      return `Two reads that agree${agreement}`;
    case 'disputed':
      return 'Two reads that disagree';
    case 'adjudicated':
      return `Adjudicated${agreement}`;
    default:
      return count === 0 ? 'Not reviewed' : `${count} ${count === 1 ? 'read' : 'reads'}`;
  }
}

/** "First read, by you: corrected" */
export function reviewWords({ part, isMine, action }: Review): string {
  return `${PART_WORDS[part]}, by ${isMine ? 'you' : 'another reader'}: ${ACTION_WORDS[action]}`;
}

export function madeBy({ createdByMe }: PredictionRecord): string {
  return createdByMe ? 'you' : 'another reader';
}

/** What the reader may file next, and what the buttons say; null where there is nothing. */
export function nextRead({ next }: ReviewState): { readonly heading: string; readonly adjudicates: boolean } | null {
  if (next.includes('adjudication')) return { heading: 'Adjudicate', adjudicates: true };
  if (next.includes('first')) return { heading: 'Your review', adjudicates: false };
  if (next.includes('second')) return { heading: 'Your second read', adjudicates: false };
  if (next.includes('revise')) return { heading: 'Change your review', adjudicates: false };
  return null;
}

/** "poor-image-quality" as words. */
export function tokenWords(token: string): string {
  return token.replaceAll(/[-_.]+/g, ' ');
}

/** Units at the end of names, as readers write them. */
const UNITS: readonly (readonly [ending: string, unit: string])[] = [
  ['MgPerMm3Hu', 'mg/mm³/HU'],
  ['Mm2', 'mm²'],
  ['Mm3', 'mm³'],
  ['Mm', 'mm'],
  ['Hu', 'HU'],
  ['Ms', 'ms'],
  ['S', 's'],
];

/** A convention's name as words: "minimumLesionAreaMm2" is "minimum lesion area, mm²". */
export function nameWords(name: string): string {
  const [ending, unit] = UNITS.find(([one]) => name.endsWith(one)) ?? ['', ''];
  const words = name
    .slice(0, name.length - ending.length)
    .replaceAll(/([a-z])([A-Z0-9])/g, '$1 $2')
    .toLowerCase();
  return unit ? `${words}, ${unit}` : words;
}
