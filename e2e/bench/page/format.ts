import type { AnswerSize, Job } from './answers.ts';
import { inWords } from './answers.ts';
import { JOB_TITLES, REFERENCE_OF_JOB } from './contenders/index.ts';
import type { Row } from './rows.ts';

/** Milliseconds with as many digits as mean something. */
export function milliseconds(ms: number): string {
  return ms.toFixed(ms < 10 ? 2 : ms < 100 ? 1 : 0);
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
}

const times = (ratio: number) => `${ratio.toFixed(ratio < 10 ? 1 : 0)} x`;

/** What a row says, column by column. Empty where there is nothing to say. */
export interface Cells {
  readonly median: string;
  /** Fastest and slowest run, and how many there were. */
  readonly range: string;
  readonly timesFloor: string;
  /** The same of a copy out of shared memory, for contenders whose workers share it. */
  readonly timesSharedFloor: string;
  /** The floor itself, and that of shared memory. */
  readonly floor: string;
  /** Of ours on one WebAssembly thread; smaller than 1 is faster than that. */
  readonly timesReference: string;
  readonly memory: string;
  /** Reason why there is no time, or remarks of the run. */
  readonly remark: string;
}

export function cellsOf(row: Row, rows: readonly Row[]): Cells {
  const memory = memoryText(row);
  if (row.status !== 'measured') {
    const remark = row.status === 'wrong' ? `WRONG, no time is given: ${row.reason}` : `${row.status}: ${row.reason}`;
    const none = { median: '', range: '', timesFloor: '', timesSharedFloor: '', floor: '', timesReference: '' };
    return { ...none, memory, remark };
  }
  const { timing, floor, sharedFloor } = row;
  const reference = rows.find(({ id }) => id === REFERENCE_OF_JOB[row.job]);
  const ratio = reference?.status === 'measured' ? timing.median / reference.timing.median : undefined;
  return {
    median: `${milliseconds(timing.median)} ms`,
    range: `${milliseconds(timing.minimum)} to ${milliseconds(timing.maximum)}, n=${timing.runs}`,
    timesFloor: times(timing.median / floor.median),
    timesSharedFloor: sharedFloor ? times(timing.median / sharedFloor.median) : '',
    floor: [floor, sharedFloor].flatMap(one => (one ? `${milliseconds(one.median)} ms` : [])).join(', shared '),
    timesReference: ratio === undefined ? '' : times(ratio),
    memory,
    remark: (row.facts?.notes ?? []).join('; '),
  };
}

/** The engine's own account, and what the browser's processes took on top of the volume and the floor's copy. */
function memoryText({ memory, facts }: Row): string {
  return [
    memory && `+${megabytes(memory.peakAboveBytes)}`,
    facts?.peakBytes !== undefined && `${megabytes(facts.peakBytes)} (engine)`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** What all rows of a job with a time agree on; null when there is none. */
export function jobAnswer(job: Job, rows: readonly Row[]): AnswerSize | null {
  for (const row of rows) if (row.job === job && row.status === 'measured') return row.answer;
  return null;
}

export function jobTitle(job: Job, rows: readonly Row[]): string {
  const answer = jobAnswer(job, rows);
  return answer ? `${JOB_TITLES[job]}: ${inWords(answer)}` : JOB_TITLES[job];
}

/** What has to be known to read the table fairly. */
export const REMARKS: readonly string[] = [
  'Every answer is compared with the TypeScript twins before it is timed: the number of components, and the area and peak of each, or every voxel of a mask. A different answer gets no time.',
  'Ours goes from voxel rows to labeled runs and never writes a label image, which the sparse masks of bone and calcium favor. opencv-js and niivue write dense label images; where one is needed, writing it costs ours extra.',
  'opencv-js labels slice by slice and spends about a third of its time on threshold and conversion; its peaks come from a JavaScript loop over its labels. niivue gives labels alone. gpu.js has no labeling and works on 32-bit floats, to which the integers are converted within the time.',
  'Ours is timed from the call to the answer, with the messages to its worker. Peers run without messages, in the thread that calls them.',
  'Floor: a copy of the same volume, in ordinary memory as our modes load it, into an array of the same size that was touched before, in turns with the contender. Copying out of shared memory takes about twice as long in some browsers; where the workers of a contender share memory, that floor stands beside it.',
];
