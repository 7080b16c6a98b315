import type { SizeResult } from './growth.ts';
import type { OpenLoopResult } from './open-loop.ts';
import { median, slopeOf } from './statistics.ts';
import { BATCH, type MemoryResult, SINGLES_PER_SECOND, type SinglesResult, type ThroughputResult } from './storing.ts';

/** What was measured, as it is printed and kept as JSON. */
export interface BenchReport {
  readonly format: 'voxelwise-data-bench-1';
  readonly date: string;
  readonly machine: { readonly processor: string; readonly cores: number; readonly memoryGiB: number };
  readonly node: string;
  readonly postgres: Readonly<Record<string, string>>;
  throughput?: ThroughputResult;
  singles?: SinglesResult;
  memory?: MemoryResult;
  growth?: readonly SizeResult[];
}

const MIB = 2 ** 20;

export function printMachine({ machine, node, postgres }: BenchReport): void {
  const { server_version: version, ...settings } = postgres;
  const set = Object.entries(settings).map(([name, value]) => `${name} ${value}`);
  console.log(`${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB; everything runs on it`);
  console.log(`Node ${node}; PostgreSQL ${version}, embedded: ${set.join(', ')}\n`);
}

export function printThroughput({
  concurrency,
  service,
  floor,
  ratio,
  serviceCpuMsPerPrediction,
}: ThroughputResult): void {
  console.log(
    `Predictions per second, batches of ${BATCH} with one audit event each, ${concurrency} at a time (goal: at least 500)`,
  );
  table(
    ['', 'median', 'rounds'],
    [
      ['service', whole(median(service)), service.map(whole).join(' ')],
      ['floor: bare inserts', whole(median(floor)), floor.map(whole).join(' ')],
    ],
  );
  console.log(
    `The floor is ${ratio.toFixed(1)} x the service, whose process uses ${serviceCpuMsPerPrediction.toFixed(2)} ms of CPU per prediction.\n`,
  );
}

export function printSingles({ service, floor, serviceCpuMsPerPost }: SinglesResult): void {
  console.log(
    `Single posts at ${SINGLES_PER_SECOND}/s, ms from the moment at which each was to be sent (goal: p99 under 100)`,
  );
  table(LATENCY_COLUMNS, [latencyRow('service', service), latencyRow('floor: bare inserts', floor)]);
  printFailures(service);
  printFailures(floor);
  console.log(`The service's process uses ${serviceCpuMsPerPost.toFixed(2)} ms of CPU per post.\n`);
}

const LATENCY_COLUMNS = ['', 'p50', 'p99', 'maximum', 'sent', 'failed'];

function printFailures({ failures }: OpenLoopResult): void {
  for (const [reason, count] of Object.entries(failures)) console.log(`${count} x ${reason}`);
}

function latencyRow(name: string, { p50Ms, p99Ms, maximumMs, sent, failed }: OpenLoopResult): string[] {
  return [name, p50Ms.toFixed(1), p99Ms.toFixed(1), maximumMs.toFixed(1), String(sent), String(failed)];
}

export function printMemory({ minutes, latency, samples }: MemoryResult): void {
  console.log(`Memory of the service's process over ${minutes} minutes at ${SINGLES_PER_SECOND}/s, MiB (goal: flat)`);
  const row = (name: string, bytesOf: (sample: MemoryResult['samples'][number]) => number) => {
    const points = samples.map((sample): [number, number] => [sample.atS / 60, bytesOf(sample) / MIB]);
    const half = points.slice(Math.floor(points.length / 2));
    const values = points.map(([, value]) => value);
    const cells = [values[0]!, values.at(-1)!, Math.max(...values)].map(whole);
    return [name, ...cells, slopeOf(points).toFixed(2), slopeOf(half).toFixed(2)];
  };
  table(
    ['', 'first', 'last', 'maximum', 'slope, MiB/min', 'slope of the second half'],
    [
      row('resident', ({ residentBytes }) => residentBytes),
      row('JavaScript heap', ({ heapUsedBytes }) => heapUsedBytes),
    ],
  );
  table(LATENCY_COLUMNS, [latencyRow('latency, ms', latency)]);
  printFailures(latency);
  console.log('');
}

export function printGrowth(sizes: readonly SizeResult[]): void {
  const [first] = sizes;
  if (!first) return;
  console.log(
    'Median ms of one request at a time, by the number of predictions; in brackets: times that of the first size',
  );
  const columns = ['', ...sizes.map(({ rows }) => rows.toLocaleString('en'))];
  table(
    columns,
    Object.keys(first.medianMs).map(name => [
      name,
      ...sizes.map(
        ({ medianMs }) => `${medianMs[name]!.toFixed(1)} (${(medianMs[name]! / first.medianMs[name]!).toFixed(1)})`,
      ),
    ]),
  );
  console.log('\nBytes on disk per prediction, indexes included');
  table(
    columns,
    Object.keys(first.bytesPerRecord).map(name => [
      name,
      ...sizes.map(({ bytesPerRecord }) => whole(bytesPerRecord[name]!)),
    ]),
  );
  console.log('');
}

function whole(value: number): string {
  return value.toFixed(0);
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): void {
  const lines = [columns, ...rows];
  const widths = columns.map((_, column) => Math.max(...lines.map(line => line[column]!.length)));
  for (const line of lines) {
    console.log(
      line.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('   '),
    );
  }
}
