import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../user-error.ts';
import { type BenchEnvironment, startEnvironment } from './environment.ts';
import { measureGrowth } from './growth.ts';
import {
  type BenchReport,
  printGrowth,
  printMachine,
  printMemory,
  printSingles,
  printThroughput,
} from './print-report.ts';
import { measureMemory, measureSingles, measureThroughput } from './storing.ts';

const PARTS = ['throughput', 'singles', 'memory', 'growth'] as const;
type Part = (typeof PARTS)[number];

const USAGE = `Usage: npm run bench -- data [--quick] [--only <part>] [--minutes 10] [--rows 1000000]

  --only      one of ${PARTS.join(', ')}; several are separated by commas
  --minutes   how long memory is watched (default 2)
  --rows      predictions up to which the tables are filled, in steps of ten times from 10,000 on (default 100000)
  --quick     a few seconds of each, for trying
  --profile <folder>   CPU profile of the service's process`;

interface Options {
  readonly parts: readonly Part[];
  readonly quick: boolean;
  readonly minutes: number;
  readonly rows: number;
  readonly profile: string | undefined;
}

/**
 * The data service as a process of its own with an embedded PostgreSQL and an OpenID provider, measured over HTTP, and beside it what
 * PostgreSQL alone takes for the same rows.
 */
export async function benchDataService(commandLine: readonly string[], resultsFolder: string): Promise<void> {
  const options = readOptions(commandLine);
  if (!options) return console.log(USAGE);
  const environment = await startEnvironment(
    options.profile ? ['--cpu-prof', `--cpu-prof-dir=${path.resolve(options.profile)}`] : [],
  );
  const interrupted = new Promise<never>((_, reject) => {
    process.once('SIGINT', () => reject(new UserError('Interrupted.')));
  });
  try {
    const report = newReport(environment);
    printMachine(report);
    await Promise.race([measure(environment, options, report), interrupted]);
    console.log(`As JSON: ${await save(report, resultsFolder)}`);
  } finally {
    await environment.stop();
  }
}

async function measure(environment: BenchEnvironment, options: Options, report: BenchReport): Promise<void> {
  const { parts, quick, minutes, rows } = options;
  if (parts.includes('throughput')) {
    const rounds = quick ? { rounds: 1, secondsPerRound: 4 } : { rounds: 5, secondsPerRound: 8 };
    report.throughput = await measureThroughput(environment, { ...rounds, concurrency: 8 });
    printThroughput(report.throughput);
  }
  if (parts.includes('singles')) {
    report.singles = await measureSingles(environment, quick ? 5 : 40);
    printSingles(report.singles);
  }
  if (parts.includes('memory')) {
    report.memory = await measureMemory(environment, quick ? 0.5 : minutes);
    printMemory(report.memory);
  }
  if (parts.includes('growth')) {
    const sizes = [10_000, 100_000, 1_000_000].filter(size => size <= (quick ? 10_000 : rows));
    report.growth = await measureGrowth(environment, sizes, quick ? 5 : 25);
    printGrowth(report.growth);
  }
}

/** Null where help was asked for. */
function readOptions(commandLine: readonly string[]): Options | null {
  const { values } = parseArgs({
    args: [...commandLine],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: PARTS.join(',') },
      minutes: { type: 'string', default: '2' },
      rows: { type: 'string', default: '100000' },
      profile: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return null;
  const parts = values.only.split(',');
  const unknown = parts.find(part => !PARTS.includes(part as Part));
  if (unknown !== undefined) throw new UserError(`--only ${unknown}: choose of ${PARTS.join(', ')}.`);
  const minutes = Number(values.minutes);
  if (!(minutes >= 0.5 && minutes <= 240)) throw new UserError('--minutes: choose a number from 0.5 to 240.');
  const rows = Number(values.rows);
  if (!(Number.isInteger(rows) && rows >= 10_000)) throw new UserError('--rows: choose a whole number from 10000 on.');
  return { parts: parts as Part[], quick: values.quick, minutes, rows, profile: values.profile };
}

function newReport({ settings }: BenchEnvironment): BenchReport {
  const [processor] = cpus();
  return {
    format: 'voxelwise-data-bench-1',
    date: new Date().toISOString(),
    machine: {
      processor: processor?.model.trim() || 'unknown processor',
      cores: cpus().length,
      memoryGiB: Math.round(totalmem() / 2 ** 30),
    },
    node: process.versions.node,
    postgres: settings,
  };
}

async function save(report: BenchReport, folder: string): Promise<string> {
  const file = path.join(folder, `data-${report.date.slice(0, 19).replaceAll(':', '')}.json`);
  await mkdir(folder, { recursive: true });
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}
