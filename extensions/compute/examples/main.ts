import {
  connectedComponentsKernel,
  createWorkerEngine,
  histogramKernel,
  type Producer,
  type RunReport,
} from '@voxelwise/compute';
import { spheres } from './phantom.ts';

// Air would dwarf everything else in the histogram, so that bins begin above it.
const HISTOGRAM = { lowest: 0, binWidth: 50, bins: 20 };

// The engine computes in a worker; the page only sends and receives.
const engine = createWorkerEngine(() => new Worker(new URL('worker.js', import.meta.url), { type: 'module' }));
await engine.loadVolume('spheres', spheres);

const form = document.querySelector('form')!;
form.addEventListener('input', compute);
await compute();

async function compute(): Promise<void> {
  const values = new FormData(form);
  const threshold = Number(values.get('threshold'));
  // The engine measures once which producer is the fastest on this machine, unless one is preferred.
  const prefer = (values.get('producer') || undefined) as Producer | undefined;
  const options = prefer ? { prefer } : {};
  try {
    const components = await engine.run(connectedComponentsKernel, 'spheres', { threshold, connectivity: 26 }, options);
    const histogram = await engine.run(histogramKernel, 'spheres', HISTOGRAM, options);
    showComponents(components.output.statistics);
    showHistogram(histogram.output);
    show('components-report', inWords(components.report));
    show('histogram-report', inWords(histogram.report));
    show('error', '');
  } catch (error) {
    show('error', error instanceof Error ? error.message : String(error));
  }
}

/** What ran, where, for how long, and why nothing faster did. */
function inWords({ producer, deviceName, milliseconds, notes }: RunReport): string {
  return [`Computed by ${producer} on ${deviceName ?? 'CPU'} in ${milliseconds.toFixed(2)} ms`, ...notes].join('; ');
}

function showComponents({ voxelCount, peak, sum }: { voxelCount: Int32Array; peak: Float64Array; sum: Float64Array }) {
  const rows = Array.from(voxelCount, (count, i) => {
    const row = document.createElement('tr');
    for (const text of [i + 1, count, peak[i]!, (sum[i]! / count).toFixed(1)]) row.insertCell().textContent = `${text}`;
    return row;
  });
  document.getElementById('components')!.replaceChildren(...rows);
}

function showHistogram(counts: Uint32Array): void {
  const most = Math.max(1, ...counts);
  const bars = Array.from(counts, (count, bin) => {
    const bar = document.createElement('i');
    const from = HISTOGRAM.lowest + bin * HISTOGRAM.binWidth;
    bar.title = `${from} to ${from + HISTOGRAM.binWidth}: ${count} voxels`;
    bar.dataset.count = `${count}`;
    bar.style.height = `${(100 * count) / most}%`;
    return bar;
  });
  const highest = HISTOGRAM.lowest + HISTOGRAM.bins * HISTOGRAM.binWidth;
  document.getElementById('histogram')!.replaceChildren(...bars);
  document.getElementById('histogram')!.ariaLabel = `Voxels per ${HISTOGRAM.binWidth}, from ${HISTOGRAM.lowest}`;
  document.getElementById('axis')!.replaceChildren(
    ...[HISTOGRAM.lowest, highest].map(value => {
      const label = document.createElement('span');
      label.textContent = String(value);
      return label;
    }),
  );
}

function show(id: string, text: string): void {
  document.getElementById(id)!.textContent = text;
}
