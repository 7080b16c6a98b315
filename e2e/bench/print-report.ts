import { cellsOf, jobTitle, REMARKS } from './page/format.ts';
import type { BenchReport } from './page/rows.ts';

const REMARKS_OF_COMMAND = [
  'Memory: how much the resident memory of the page and GPU processes rose above what they held with the volume and the floor\'s copy (high-water mark of the kernel, Linux only); "engine" is the compute engine\'s own account, the volume included.',
];

/** The table of one size, in text. */
export function printReport({ machine, dimensions, thresholdHu, rows }: BenchReport): void {
  console.log(`\n${dimensions.join(' x ')}, threshold ${thresholdHu} HU. Median (fastest to slowest, number of runs)`);
  console.log(`${machine.processor ?? 'unknown processor'}, ${machine.cores} cores; ${machine.browser}`);
  console.log(`GPU: ${machine.gpu}`);
  for (const job of [...new Set(rows.map(row => row.job))]) {
    console.log(`\n${jobTitle(job, rows)}`);
    for (const row of rows.filter(one => one.job === job)) {
      const { median, range, timesFloor, timesReference, memory, remark } = cellsOf(row, rows);
      const name = row.version ? `${row.name} ${row.version}` : row.name;
      if (row.status !== 'measured') {
        console.log(`  ${name.padEnd(38)} ${remark}`);
        continue;
      }
      const figures = [
        `${median.padStart(9)} (${range})`.padEnd(40),
        `${timesFloor} floor`.padStart(12),
        (timesReference && `${timesReference} ours`).padStart(12),
        memory.padStart(10),
      ];
      console.log(`  ${name.padEnd(38)} ${figures.join(' ')}`);
      if (remark) console.log(`  ${''.padEnd(40)}${remark}`);
    }
  }
  console.log(`\n${[...REMARKS, ...REMARKS_OF_COMMAND].map(remark => `- ${remark}`).join('\n')}`);
}
