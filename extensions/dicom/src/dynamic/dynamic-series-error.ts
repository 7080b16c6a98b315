export type DynamicProblem =
  | 'no-images'
  | 'not-dynamic'
  | 'not-a-source-image'
  | 'too-few-time-points'
  | 'duplicate-position'
  | 'missing-images'
  | 'different-slices'
  | 'moved-time-point'
  | 'two-time-bases'
  | 'time-unknown'
  | 'time-not-increasing'
  | 'sampling'
  | 'echo-time'
  | 'too-large';

/** Why images do not form a 4D series that can be measured, in one sentence for the reader. */
export class DynamicSeriesError extends Error {
  readonly problem: DynamicProblem;
  constructor(problem: DynamicProblem, message: string) {
    super(message);
    this.name = 'DynamicSeriesError';
    this.problem = problem;
  }
}
