/** bench.html: the benchmark in the visitor's own browser. `npm run bench -- compute` opens this same page. */
import { destroySharedDevice, sharedDeviceName } from '@voxelwise/compute';
import { THRESHOLD_HU } from './answers.ts';
import type { Contender, InstalledPeers } from './contenders/contender.ts';
import { CONTENDERS } from './contenders/index.ts';
import { REMARKS } from './format.ts';
import type { Effort } from './messages.ts';
import { element, renderResults } from './results-table.ts';
import type { BenchReport, Machine, Row } from './rows.ts';
import { type MemoryWatch, runBenchmark } from './run-benchmark.ts';

/** For the page and for the command. */
const EFFORTS = {
  thorough: { warmUpMs: 1500, runs: 9, limitMs: 30_000 },
  quick: { warmUpMs: 200, runs: 3, limitMs: 10_000 },
} satisfies Record<string, Effort>;

const SIDE = 512;

const MEMORY_REMARK =
  "Memory: the compute engine's own account of its peak, the volume included. What other libraries take a page cannot see; npm run bench -- compute measures it from outside.";

export interface PageRun {
  readonly slices: number;
  readonly effort: keyof typeof EFFORTS;
  /** Missing: all of them. */
  readonly contenderIds?: readonly string[];
  readonly memory?: MemoryWatch;
}

const form = find('controls', HTMLFormElement);
const warning = find('warning', HTMLElement);
const cancel = find('cancel', HTMLButtonElement);
const progress = find('progress', HTMLElement);
const results = find('results', HTMLElement);
const machine = machineFacts();
let report: BenchReport | undefined;
let running: AbortController | undefined;

/** Runs the contenders one after the other, with the table filling up. */
async function run({ slices, effort, contenderIds, memory }: PageRun): Promise<BenchReport> {
  const contenders = CONTENDERS.filter(({ id }) => contenderIds?.includes(id) ?? true);
  running = new AbortController();
  report = undefined;
  find('error', HTMLElement).hidden = true;
  find('export', HTMLElement).hidden = true;
  find('copied', HTMLElement).textContent = '';
  setRunning(true);
  const rows: Row[] = [];
  const show = (current?: Contender) => results.replaceChildren(...renderResults(contenders, rows, current));
  show(contenders[0]);
  try {
    await runBenchmark({
      slices,
      effort: EFFORTS[effort],
      contenders,
      peers: await installedPeers(),
      signal: running.signal,
      ...(memory && { memory }),
      onGenerating() {
        find('doing', HTMLElement).textContent = 'generating the volume';
      },
      onDoing(contender, what, fraction) {
        progress.querySelector('progress')!.value = (rows.length + fraction) / contenders.length;
        find('doing', HTMLElement).textContent = `${contender.name}: ${what}`;
      },
      onRow(row) {
        rows.push(row);
        show(contenders[rows.length]);
      },
    });
  } finally {
    setRunning(false);
  }
  report = {
    format: 'voxelwise-bench-1',
    date: new Date().toISOString(),
    machine,
    dimensions: [SIDE, SIDE, slices],
    thresholdHu: THRESHOLD_HU,
    rows,
  };
  find('export', HTMLElement).hidden = false;
  return report;
}

function setRunning(isRunning: boolean): void {
  cancel.disabled = !isRunning;
  progress.hidden = !isRunning;
  document.body.dataset.phase = isRunning ? 'running' : 'done';
  for (const control of form.querySelectorAll<HTMLInputElement>('select, input, button[type=submit]')) {
    control.disabled = isRunning;
  }
}

/** The peers that the server found. A static copy of the page without that list runs without peers. */
async function installedPeers(): Promise<InstalledPeers> {
  const response = await fetch(new URL('peers.json', import.meta.url));
  return response.ok ? ((await response.json()) as InstalledPeers) : {};
}

function machineFacts(): Machine {
  const gpu = sharedDeviceName() ?? 'no WebGL2';
  destroySharedDevice(); // the contenders' workers make their own
  return {
    browser: navigator.userAgent,
    gpu,
    cores: navigator.hardwareConcurrency,
    isolated: crossOriginIsolated,
  };
}

function showMachine(): void {
  const facts = {
    Browser: machine.browser,
    GPU: machine.gpu,
    Cores: String(machine.cores),
    Isolated: machine.isolated ? 'yes: shared memory, fine clock' : 'no: no shared memory, coarse clock',
  };
  find('machine', HTMLElement).replaceChildren(
    ...Object.entries(facts).flatMap(([term, value]) => [element('dt', {}, term), element('dd', {}, value)]),
  );
  find('remarks', HTMLElement).replaceChildren(...[...REMARKS, MEMORY_REMARK].map(remark => element('li', {}, remark)));
}

function showError(error: unknown): void {
  const shown = find('error', HTMLElement);
  shown.textContent = error instanceof Error ? error.message : String(error);
  shown.hidden = false;
}

async function copyReport(): Promise<void> {
  const copied = find('copied', HTMLElement);
  try {
    await navigator.clipboard.writeText(JSON.stringify(report, null, 2));
    copied.textContent = 'copied';
  } catch {
    // Over plain HTTP from another machine there is no clipboard.
    copied.textContent = 'The browser does not allow copying here; download the file instead.';
  }
}

function downloadReport(): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(report, null, 2)], { type: 'application/json' }));
  const download = `voxelwise-bench-${report?.date.slice(0, 19).replaceAll(':', '') ?? ''}.json`;
  element('a', { href: url, download }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function find<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${id}.`);
  return found;
}

form.addEventListener('change', () => {
  warning.hidden = new FormData(form).get('slices') !== '512';
});
form.addEventListener('submit', event => {
  event.preventDefault();
  const chosen = new FormData(form);
  const contenderIds = CONTENDERS.filter(({ peer }) => !peer || chosen.has('peers')).map(({ id }) => id);
  run({ slices: Number(chosen.get('slices')), effort: chosen.has('quick') ? 'quick' : 'thorough', contenderIds }).catch(
    showError,
  );
});
cancel.addEventListener('click', () => running?.abort());
find('copy', HTMLButtonElement).addEventListener('click', copyReport);
find('download', HTMLButtonElement).addEventListener('click', downloadReport);
showMachine();

export const benchPage = { run, machine };
export type BenchPage = typeof benchPage;
Object.assign(globalThis, { benchPage });
