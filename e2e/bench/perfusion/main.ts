import { fork } from 'node:child_process';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Timing } from '../statistics.ts';
import { accuracies, nameOf } from './accuracy.ts';
import { timeInBrowser } from './browser.ts';
import type { LargeTimes } from './large.ts';
import { type AllMethodTimes, timeMethods } from './methods.ts';

const USAGE = `Usage: npm run bench -- perfusion [--only methods|large|browser] [--quick]

  --only   a part of it; several are separated by commas
  --quick  4 slices instead of 16, and two runs each instead of five

BENCH_GPU=1 renders on the machine's GPU instead of in software; BENCH_GPU=vulkan, gl, d3d11 or metal by that interface.`;

const PARTS = ['methods', 'large', 'browser'] as const;

/** Accuracy and time of perfusion maps, method by method; the largest series with its memory; WebGL2 in Chromium. */
export async function benchPerfusion(commandLine: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...commandLine],
    options: { only: { type: 'string' }, quick: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) return console.log(USAGE);
  const chosen = values.only?.split(',') ?? PARTS;
  const unknown = chosen.find(part => !PARTS.some(known => known === part));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: choose ${PARTS.join(', ')}.`);
  const effort = values.quick ? { slices: 4, runs: 2 } : { slices: 16, runs: 5 };
  console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.versions.node}`);
  if (chosen.includes('methods')) printMethods(await timeMethods(effort.slices, effort.runs), effort.slices);
  if (chosen.includes('large')) await printLarge(effort.slices, Math.min(2, effort.runs));
  if (chosen.includes('browser')) await printBrowser(effort.slices, Math.min(3, effort.runs));
}

const ms = ({ median, minimum, maximum }: Timing) =>
  `${median.toFixed(0)} (${minimum.toFixed(0)} to ${maximum.toFixed(0)})`;
const times = (a: number, b: number) => (a / b).toFixed(1);

function printMethods({ floor, survey, voxels, voxelsInMask, methods }: AllMethodTimes, slices: number): void {
  console.log(`
All five maps of 256 x 256 x ${slices} x 60 (stroke phantom, noise 2 HU, smoothed by 2 mm), ${voxelsInMask} of ${voxels} voxels in the
mask, WebAssembly in two worker threads; one slice in one thread beside the Float64 twin. Accuracy by the twin on the Kudo-like
grid, exponential residue functions, 1 s, without noise and with 1 HU: Pearson r of CBF, mean CBF / true without delay, r of MTT.
Times in ms: median (fastest to slowest).
`);
  const rows = accuracies().map(({ method, accuracies: found }) => {
    const { timing, slice, twinSlice } = methods.get(method.name)!;
    const accuracy = found.map(({ cbf, cbfPart, mtt }) => `${cbf.toFixed(3)} ${cbfPart.toFixed(2)} ${mtt.toFixed(3)}`);
    return [
      nameOf(method),
      ...accuracy,
      ms(timing),
      times(timing.median, floor.median),
      ms(slice),
      ms(twinSlice),
      times(twinSlice.median, slice.median),
    ];
  });
  const titles = ['method', '0 HU', '1 HU', 'maps, ms', 'x floor', 'slice, ms', 'twin, ms', 'twin / WASM'];
  printTable(titles, rows);
  console.log(`
survey (brain, baseline, artery, vein, masks): ${ms(survey)} ms, ${times(survey.median, floor.median)} x floor
floor: copy of the volume, ${ms(floor)} ms
Goals on 2 cores, for 16 slices: csvd under 1000 ms, lr under 8000 ms (2000 ms a map), survey under 2000 ms.`);
}

async function printLarge(slices: number, runs: number): Promise<void> {
  console.log(
    `\n512 x 512 x ${slices} x 60 in a process of its own, WebAssembly in two worker threads, slice by slice\n`,
  );
  const rows: string[][] = [];
  for (const method of ['csvd', 'lr'] as const) {
    process.stderr.write(`512 x 512 x ${slices} x 60, ${method} ...\n`);
    const { timing, floor, volumeBytes, engineBytes, processBytes } = await inOwnProcess(method, slices, runs);
    const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
    const ofProcess = processBytes === null ? 'not measured' : mb(processBytes);
    rows.push([method, ms(timing), times(timing.median, floor.median), mb(volumeBytes), mb(engineBytes), ofProcess]);
  }
  printTable(['method', 'maps, ms', 'x floor', 'volume', 'peak (engine)', 'peak (process)'], rows);
  console.log('Goal: a peak under 2000 MB, the volume included.');
}

function inOwnProcess(method: string, slices: number, runs: number): Promise<LargeTimes> {
  const file = new URL('./large.ts', import.meta.url);
  const child = fork(file, [method, String(slices), String(runs)], { execArgv: [...process.execArgv, '--expose-gc'] });
  return new Promise((resolve, reject) => {
    child.once('message', message => resolve(message as LargeTimes));
    child.once('exit', code => reject(new Error(`The process of the largest series ended with code ${code}.`)));
  });
}

async function printBrowser(slices: number, runs: number): Promise<void> {
  const all = await timeInBrowser(slices, runs);
  const gpu = all.find(({ run }) => run.producer === 'webgl2')?.deviceName;
  console.log(`\nThe same 256 x 256 x ${slices} x 60 in Chromium; GPU: ${gpu}\n`);
  const rows = all.map(({ run, computedBy, firstMs, timing, workers, uploadMs, computeMs, readbackMs }) => {
    const wasm = all.find(other => other.run.method === run.method && other.run.producer === 'wasm')!;
    const part = (value: number | undefined) => (value === undefined ? '' : value.toFixed(0));
    return [
      run.method,
      run.producer ?? `chosen: ${computedBy}`,
      String(workers),
      firstMs.toFixed(0),
      ms(timing),
      times(timing.median, wasm.timing.median),
      part(uploadMs),
      part(computeMs),
      part(readbackMs),
    ];
  });
  printTable(['method', 'producer', 'workers', 'first, ms', 'maps, ms', 'x WASM', 'upload', 'shaders', 'read'], rows);
  console.log('Curves are made by WebAssembly in both; the rest of the time of webgl2 is that.');
}

function printTable(titles: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map(row => row[column]!.length)));
  const print = (row: readonly string[]) =>
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
  print(titles);
  print(widths.map(width => '-'.repeat(width)));
  for (const row of rows) print(row);
}
