import {
  type ConnectedComponents,
  connectedComponentsKernel,
  createWorkerEngine,
  type Engine,
  type KernelResult,
  type Producer,
  thresholdMaskKernel,
} from '@voxelwise/compute';
import type { BitMask } from '@voxelwise/compute/twins';
import { THRESHOLD_HU } from '../answers.ts';
import type { BenchVolume } from '../phantom.ts';
import type { Contender, OpenContender, RunFacts } from './contender.ts';

const VOLUME = 'bench';

interface Choice {
  readonly id: string;
  readonly name: string;
  readonly producer: Producer;
  /** Each a thread. */
  readonly workers: 1 | 2;
  /** The volume is uploaded to the GPU in every run. */
  readonly cold?: boolean;
}

const CHOICES: readonly Choice[] = [
  { id: 'ts', name: 'TypeScript', producer: 'ts', workers: 1 },
  { id: 'wasm', name: 'WebAssembly, 1 thread', producer: 'wasm', workers: 1 },
  { id: 'wasm-2', name: 'WebAssembly, 2 workers', producer: 'wasm', workers: 2 },
  { id: 'webgl2-cold', name: 'WebGL2, with the upload', producer: 'webgl2', workers: 1, cold: true },
  { id: 'webgl2-resident', name: 'WebGL2, volume on the GPU', producer: 'webgl2', workers: 1 },
];

const components = (choice: Choice, job: 'components-2d' | 'components-3d'): Contender => ({
  id: `ours-${choice.id}-${job}`,
  job,
  name: `Voxelwise, ${choice.name}`,
  note: 'threshold, labels, areas, peaks and sums; labeled runs, no label image',
  sharesMemory: choice.workers > 1,
  open: volume =>
    opened<ConnectedComponents>(
      volume,
      choice,
      engine =>
        engine.run(
          connectedComponentsKernel,
          VOLUME,
          { threshold: THRESHOLD_HU, connectivity: job === 'components-2d' ? 8 : 26 },
          { producer: choice.producer },
        ),
      ({ statistics }) => ({ components: { areas: statistics.voxelCount, peaks: statistics.peak } }),
    ),
});

const mask = (choice: Choice): Contender => ({
  id: `ours-${choice.id}-mask`,
  job: 'mask',
  name: `Voxelwise, ${choice.name}`,
  note: 'threshold; one bit per voxel',
  open: volume =>
    opened<BitMask>(
      volume,
      choice,
      engine => engine.run(thresholdMaskKernel, VOLUME, { threshold: THRESHOLD_HU }, { producer: choice.producer }),
      output => ({ mask: output }),
    ),
});

/** Timed from the call to the answer in the calling thread, the messages to the engine's worker included. */
async function opened<Output>(
  volume: BenchVolume,
  { workers, cold }: Choice,
  run: (engine: Engine) => Promise<KernelResult<Output>>,
  answer: OpenContender<Output>['answer'],
): Promise<OpenContender<KernelResult<Output>>> {
  const engine = createWorkerEngine(
    () => new Worker(new URL('engine-worker.js', self.location.href), { type: 'module' }),
    { workers, split: 'always' },
  );
  // A copy, because it is moved to the engine's worker and needed here again. Two workers put it into shared memory themselves.
  const load = () => engine.loadVolume(VOLUME, () => ({ ...volume, voxels: volume.voxels.slice() }));
  await load();
  return {
    ...(cold && {
      async before() {
        await engine.unloadVolume(VOLUME);
        await load();
      },
    }),
    run: () => run(engine),
    answer: ({ output }) => answer(output),
    facts: ({ report }) => factsOf(report),
    close: () => engine.destroy(),
  };
}

function factsOf(report: KernelResult<unknown>['report']): RunFacts {
  const { deviceName, workers, uploadMs, computeMs, readbackMs, milliseconds, peakBytes, notes } = report;
  const parts = Object.entries({ upload: uploadMs, compute: computeMs, readback: readbackMs })
    .filter((part): part is [string, number] => part[1] !== undefined)
    .map(([name, ms]) => `${name} ${ms.toFixed(1)}`);
  const place = workers === 2 ? 'two workers' : 'the worker';
  const spent = `${milliseconds.toFixed(1)} ms in ${place}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
  return {
    ...(deviceName && { device: deviceName }),
    ...(peakBytes !== undefined && { peakBytes }),
    notes: [`last run: ${spent}`, ...notes],
  };
}

export const OURS: readonly Contender[] = [
  ...CHOICES.map(choice => components(choice, 'components-2d')),
  ...CHOICES.map(choice => components(choice, 'components-3d')),
  // A mask is not computed on slabs.
  ...CHOICES.filter(({ workers }) => workers === 1).map(mask),
];
