import { DEFAULT_CONVENTION, type Person } from '../core/index.ts';
import { NOTHING_DECIDED } from './decisions.ts';
import type { CalciumState } from './state.ts';

/** What a reader decides, chooses and enters for one series. Together with the voxels it makes the result. */
export type SeriesChoices = Pick<
  CalciumState,
  'history' | 'convention' | 'thresholds' | 'calibration' | 'zeroConfirmed'
>;

export const NOTHING_CHOSEN: SeriesChoices = {
  history: NOTHING_DECIDED,
  convention: DEFAULT_CONVENTION,
  thresholds: 'standard-130',
  calibration: null,
  zeroConfirmed: false,
};

/** Series that were left and what was entered of a study's person, so that looking at another series loses nothing. */
export interface SeriesMemory {
  /** Remembers a series that is left. */
  leave(displaySetUid: string, choices: SeriesChoices): void;
  /** Choices for a series that is opened: its own, or for one that was never open those by which the last one was scored. */
  choicesFor(displaySetUid: string, last: SeriesChoices): SeriesChoices;
  hasSeen(displaySetUid: string): boolean;
  enterPerson(studyUid: string, change: Person): void;
  /** What was entered of the person of a study; it goes before what the header says. */
  enteredPerson(studyUid: string): Person;
}

export function createSeriesMemory(): SeriesMemory {
  const left = new Map<string, SeriesChoices>();
  const persons = new Map<string, Person>();
  const enteredPerson = (studyUid: string) => persons.get(studyUid) ?? {};
  return {
    leave(displaySetUid, { history, convention, thresholds, calibration, zeroConfirmed }) {
      left.set(displaySetUid, { history, convention, thresholds, calibration, zeroConfirmed });
    },
    choicesFor: (displaySetUid, { convention, thresholds }) =>
      left.get(displaySetUid) ?? { ...NOTHING_CHOSEN, convention, thresholds },
    hasSeen: displaySetUid => left.has(displaySetUid),
    enterPerson: (studyUid, change) => persons.set(studyUid, { ...enteredPerson(studyUid), ...change }),
    enteredPerson,
  };
}
