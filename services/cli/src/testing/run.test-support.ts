import type { CalciumResult } from '../calcium/result.ts';
import { runCommandLine } from '../command-line.ts';

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly error: string;
}

/** Runs a command line in this process, everything real but the streams. */
export async function run(...args: string[]): Promise<Outcome> {
  let out = '';
  let error = '';
  const code = await runCommandLine(args, {
    version: '0.0.0-test',
    out: text => {
      out += text;
    },
    error: text => {
      error += text;
    },
    progress: () => {},
    isInteractive: false,
  });
  return { code, out, error };
}

/** Runs `voxelwise calcium ... --json` and reads what it printed. */
export async function score(folder: string, ...options: string[]): Promise<CalciumResult> {
  const { code, out, error } = await run('calcium', folder, '--json', ...options);
  if (code !== 0) throw new Error(`exit code ${code}: ${error}`);
  return JSON.parse(out) as CalciumResult;
}

/** Words of programmers, which have no place in a sentence for researchers. */
export const JARGON = /parser|buffer|overrun|exception|undefined|\w+Error\b|\[object|\bZ_|codec/i;

/** Expects a refusal: exit code 2, nothing on stdout, one plain line on stderr; gives back the sentence. */
export async function refusalOf(folder: string, ...options: string[]): Promise<string> {
  const outcome = await run('calcium', folder, ...options);
  expect(outcome).toMatchObject({ code: 2, out: '' });
  expect(outcome.error).toMatch(/^[^\n]+\.\n$/);
  expect(outcome.error).not.toMatch(JARGON);
  return outcome.error.trim();
}
