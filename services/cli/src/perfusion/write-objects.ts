import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DicomResultError } from '@voxelwise/dicom';
import { PERFUSION_MAPS } from '@voxelwise/perfusion/core';
import { perfusionReportOf, perfusionResultObjects, renderPerfusionReport } from '@voxelwise/perfusion/results';
import type { LoadedDynamicSeries } from '../dicom-folder/load-dynamic-series.ts';
import { readSourceImages } from '../dicom-folder/source-images.ts';
import { checkOutputs, writeFiles } from '../output-files.ts';
import { Refusal } from '../refusal.ts';
import type { WrittenObject } from './folder-result.ts';
import type { PerfusedFolder } from './perfuse-folder.ts';

const OPTION = '--dicom';
const KINDS = [...PERFUSION_MAPS, 'segmentation', 'report', 'pdf'] as const;

/** Files of a run in the folder of --dicom. */
function pathsIn(folder: string) {
  return KINDS.map(kind => ({ kind, option: OPTION, path: join(folder, `${kind}.dcm`) }));
}

/**
 * Tells before the work is done what would stop the objects from being written after it. The folder itself may be missing.
 * @throws Refusal
 */
export async function checkObjectFolder(folder: string, isForced: boolean): Promise<void> {
  const existing = await stat(folder).catch(() => null);
  if (existing) {
    if (!existing.isDirectory()) throw new Refusal(`${folder} is a file; give ${OPTION} the path of a folder.`);
    return checkOutputs(pathsIn(folder), isForced);
  }
  const parent = await stat(dirname(resolve(folder))).catch(() => null);
  if (parent?.isDirectory()) return;
  throw new Refusal(`${folder} cannot be made, because the folder above it is not there; give ${OPTION} another path.`);
}

/**
 * @throws Refusal where results cannot refer to the slices of a series.
 */
export function assertSingleImages({ headers }: LoadedDynamicSeries): void {
  if (new Set(headers).size === headers.length) return;
  throw new Refusal(
    `The series has its slices as frames of one image, to which no result can refer yet; leave ${OPTION} out, or convert it to single images.`,
  );
}

/**
 * Writes a result as the viewer stores it: a Parametric Map of every map, a segmentation, a measurement report and the printed
 * report, as one file each.
 * @throws Refusal when the images lack what such objects need, or they cannot be written.
 */
export async function writeObjects(
  { series: { headers, seriesNumbers }, result }: PerfusedFolder,
  {
    folder,
    isForced,
    inputs,
  }: { readonly folder: string; readonly isForced: boolean; readonly inputs: readonly string[] },
): Promise<WrittenObject[]> {
  const { source, attribute } = await readSourceImages(headers);
  const now = new Date();
  const pdf = await renderPerfusionReport(perfusionReportOf(result, attribute, now));
  const objects = made(() => perfusionResultObjects(source, result, { takenSeriesNumbers: seriesNumbers, pdf, now }));
  const byKind = { ...objects.maps, segmentation: objects.segmentation, report: objects.report, pdf: objects.pdf! };
  await makeFolder(folder);
  const files = pathsIn(folder).map(file => ({ ...file, bytes: byKind[file.kind].bytes }));
  const slices = headers.map(({ path }) => path);
  await writeFiles(files, { isForced, inputs: [...inputs, ...slices] });
  return files.map(({ kind, path }) => ({ kind, path, uid: byKind[kind].sopInstanceUid }));
}

/** One level only: Node does not come back from making several in a file system that takes none. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    throw new Refusal(`The folder ${folder} cannot be made (${code ?? message}); give ${OPTION} another path.`);
  }
}

function made<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof DicomResultError
      ? new Refusal(`The result cannot be written as DICOM: ${error.message}`)
      : error;
  }
}
