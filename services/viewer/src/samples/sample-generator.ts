import type { DicomFile } from './generated-ct.ts';

/** How a sample study is made. */
export interface SampleGenerator {
  /** Name of its folder. */
  readonly name: string;
  /** A folder of another version is made again. */
  readonly version: number;
  /** For the one who waits: "the cardiac CT phantom". */
  readonly title: string;
  generate(): GeneratedSample;
}

export interface GeneratedSample {
  readonly seed: number;
  /** How many files there will be, and what to call so many of them: "slices". */
  readonly instances: number;
  readonly unit: string;
  file(index: number): DicomFile;
  /** What `truth.json` says besides the version, the seed and the number of files. */
  readonly truth: Readonly<Record<string, unknown>>;
}
