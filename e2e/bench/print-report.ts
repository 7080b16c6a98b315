import { inWords, type Job } from './page/answers.ts';
import { cellsOf, jobAnswer, milliseconds, REMARKS } from './page/format.ts';
import type { BenchReport } from './page/rows.ts';

const REMARKS_OF_COMMAND = [
  'Memory: how much the resident memory of the page and GPU processes rose above what they held with the volume and the floor\'s copy (high-water mark of the kernel, Linux only); "engine" is the compute engine\'s own account, the volume included.',
];

const JOBS: Readonly<Record<Job, string>> = {
  'components-2d': '2D components',
  'components-3d': '3D components',
  mask: 'threshold',
};

const COLUMNS = ['volume', 'job', 'contender', 'median ms (range, runs)', 'floor', 'x floor', 'x ours', 'memory', ''];

/** One table of all sizes, in text, with what its rows remark below it. */
export function printReports(reports: readonly BenchReport[]): void {
  const [first] = reports;
  if (!first) return;
  const { machine, thresholdHu } = first;
  console.log(`\n${machine.processor ?? 'unknown processor'}, ${machine.cores} cores; ${machine.browser}`);
  console.log(
    `GPU: ${machine.gpu}. Threshold ${thresholdHu} HU. Medians with fastest and slowest run, and how many.\n`,
  );
  const remarks: string[] = [];
  const remarked = (remark: string) => (remark === '' ? '' : `[${remarks.push(remark)}]`);
  const lines = reports.flatMap(({ dimensions, rows }) =>
    rows.map(row => {
      const { range, timesFloor, timesSharedFloor, floor, timesReference, memory, remark } = cellsOf(row, rows);
      const name = row.version ? `${row.name} ${row.version}` : row.name;
      const median = row.status === 'measured' ? `${milliseconds(row.timing.median)} (${range})` : row.status;
      const timesFloors = timesSharedFloor ? `${timesFloor}, shared ${timesSharedFloor}` : timesFloor;
      return [
        dimensions.join('x'),
        JOBS[row.job],
        name,
        median,
        floor,
        timesFloors,
        timesReference,
        memory,
        remarked(remark),
      ];
    }),
  );
  const widths = COLUMNS.map((title, column) => Math.max(title.length, ...lines.map(line => line[column]!.length)));
  const print = (line: readonly string[]) =>
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
  print(COLUMNS);
  print(widths.map(width => '-'.repeat(width)));
  for (const line of lines) print(line);
  console.log('');
  for (const { dimensions, rows } of reports) {
    for (const job of [...new Set(rows.map(row => row.job))]) {
      const answer = jobAnswer(job, rows);
      if (answer) console.log(`${dimensions.join('x')}, ${JOBS[job]}: ${inWords(answer)}, by everybody who has a time`);
    }
  }
  for (const [index, remark] of remarks.entries()) console.log(`[${index + 1}] ${remark}`);
  console.log(`\n${[...REMARKS, ...REMARKS_OF_COMMAND].map(remark => `- ${remark}`).join('\n')}`);
}
