import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startViewer, type Viewer, type ViewerOptions } from '@voxelwise/viewer';
import { DATA_FOLDER, PLUGINS } from './paths.ts';

/** The generated sample study's own account of itself. */
export interface Truth {
  readonly studyInstanceUid: string;
  readonly vessels: readonly {
    readonly name: 'LM' | 'LAD' | 'LCX' | 'RCA';
    readonly agatston: number;
    readonly volumeMm3: number;
    readonly lesions: number;
    readonly calcifications: readonly {
      readonly seedVoxel: readonly [number, number, number];
      readonly agatston: number;
    }[];
  }[];
  readonly total: { readonly agatston: number; readonly volumeMm3: number; readonly lesions: number };
}

/**
 * Starts the viewer with an archive of its own that is removed at the end; the extracted stock viewers and the sample
 * study are shared between tests.
 */
export async function startTestViewer(options: Partial<ViewerOptions> = {}): Promise<Viewer> {
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'voxelwise-e2e-'));
  for (const shared of ['ohif', 'samples']) {
    await mkdir(path.join(DATA_FOLDER, shared), { recursive: true });
    await symlink(path.join(DATA_FOLDER, shared), path.join(dataFolder, shared));
  }
  const viewer = await startViewer({ dataFolder, pluginsFolder: PLUGINS, port: 0, ...options });
  return {
    ...viewer,
    async close() {
      await viewer.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

/** What the sample study's scores must be. */
export async function sampleTruth(): Promise<Truth> {
  return JSON.parse(await readFile(path.join(DATA_FOLDER, 'samples', 'cardiac-calcium', 'truth.json'), 'utf8'));
}

/** What the sample stroke study says of itself; only what is looked at. */
export interface StrokeTruth {
  readonly studyInstanceUid: string;
  readonly dimensions: readonly [number, number, number];
  readonly coreMl: number;
  readonly hypoperfusionMl: number;
  readonly mismatchRatio: number;
  readonly arteryVoxels: readonly number[];
}

/** What the sample stroke study's volumes must be near. */
export async function strokeTruth(): Promise<StrokeTruth> {
  return JSON.parse(await readFile(path.join(DATA_FOLDER, 'samples', 'stroke-perfusion', 'truth.json'), 'utf8'));
}
