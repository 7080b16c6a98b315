import {
  type DerivedSource,
  type DicomObject,
  DicomResultError,
  freeSeriesNumber,
  newUid,
  type SourceSlice,
  type StorableInstance,
  type UidGenerator,
  writeEncapsulatedPdf,
} from '@voxelwise/dicom';
import { PERFUSION_MAPS, type PerfusionMap } from '../../core/index.ts';
import type { PerfusionResult } from '../perfusion-result.ts';
import { recordAsText, sliceName } from './plain-result.ts';
import { writeMaps } from './write-maps.ts';
import { writePerfusionReport } from './write-report.ts';
import { writePerfusionSegmentation } from './write-segmentation.ts';

export interface PerfusionObjectsOptions {
  /** Numbers of the study's series; the new ones get others. */
  readonly takenSeriesNumbers: readonly number[];
  /** For every slice of the source the images of the other time points. */
  readonly furtherImages?: readonly (readonly SourceSlice[])[];
  /** The printed report. */
  readonly pdf?: Uint8Array;
  /** JSON, or any other text, that the viewer wants back when the result is reopened. */
  readonly reopening?: string;
  /** The reader, "Family^Given"; '' where nobody has signed in. */
  readonly readerName?: string;
  readonly now?: Date;
  readonly newUid?: UidGenerator;
}

/** A result as DICOM, every object in a series of its own. */
export interface PerfusionObjects {
  readonly maps: Readonly<Record<PerfusionMap, DicomObject>>;
  /** Core, hypoperfusion, AIF and VOF. */
  readonly segmentation: DicomObject;
  /** TID 1500, with everything that reopening needs. */
  readonly report: DicomObject;
  /** null where none was given. */
  readonly pdf: DicomObject | null;
}

/**
 * Writes a result as DICOM: a Parametric Map of every map, a segmentation, a measurement report and the printed report.
 * @param source the slices of the time point that results belong to, in the order of the maps
 * @throws DicomResultError where result and source do not belong together, or something cannot be written
 */
export function perfusionResultObjects(
  source: DerivedSource,
  result: PerfusionResult,
  options: PerfusionObjectsOptions,
): PerfusionObjects {
  assertSizes(result);
  const { now = new Date(), newUid: uid = newUid, readerName } = options;
  const taken = [...options.takenSeriesNumbers];
  const seriesNumber = () => {
    const number = freeSeriesNumber(taken);
    taken.push(number);
    return number;
  };
  const { software } = result;
  const common = {
    now,
    newUid: uid,
    bodyPartExamined: 'BRAIN',
    software: { modelName: software.name, versions: [software.version, `producer ${result.run.producer}`] },
  };
  const { furtherImages } = options;
  const maps = writeMaps(source, result, { ...common, seriesNumber, ...(furtherImages && { furtherImages }) });
  const named = { ...common, ...(readerName && { readerName }) };
  const segmentation = writePerfusionSegmentation(source, result, { ...named, seriesNumber: seriesNumber() });
  const record = recordAsText({
    result,
    savedAt: now.getTime(),
    slices: source.slices.map(sliceName),
    maps: Object.fromEntries(PERFUSION_MAPS.map(map => [map, maps[map].sopInstanceUid])) as Record<
      PerfusionMap,
      string
    >,
    segmentation: segmentation.object.sopInstanceUid,
    reopening: options.reopening ?? '',
  });
  const report = writePerfusionReport(source, result, segmentation, record, {
    ...named,
    seriesNumber: seriesNumber(),
    furtherEvidence: [...Object.values(maps), segmentation.object],
  });
  const pdf =
    options.pdf &&
    writeEncapsulatedPdf(source, options.pdf, {
      ...common,
      title: 'Brain perfusion',
      identifiesPatient: true,
      seriesDescription: 'Perfusion report (PDF)',
      seriesNumber: seriesNumber(),
    });
  return { maps, segmentation: segmentation.object, report, pdf: pdf ?? null };
}

/** The objects in the order in which they are stored: what others refer to comes first, so that nothing refers into the void. */
export function storablePerfusionObjects({
  maps,
  segmentation,
  report,
  pdf,
}: PerfusionObjects): (StorableInstance & DicomObject)[] {
  return [
    ...PERFUSION_MAPS.map(map => ({ name: `the ${map} map`, ...maps[map] })),
    { name: 'the segmentation', ...segmentation },
    { name: 'the measurement report', ...report },
    ...(pdf ? [{ name: 'the PDF', ...pdf }] : []),
  ];
}

function assertSizes({ stroke, settings, dimensions: [columns, rows, slices] }: PerfusionResult): void {
  const voxels = columns * rows * slices;
  for (const mask of stroke ? [stroke.core, stroke.hypoperfused] : []) {
    if (mask.length === voxels) continue;
    throw new DicomResultError(
      `A mask has ${mask.length} voxels, and the maps have ${columns} x ${rows} x ${slices}. Nothing was written.`,
    );
  }
  const outside = [...settings.aif.voxels, ...(settings.vof?.voxels ?? [])].find(
    voxel => !Number.isInteger(voxel) || voxel < 0 || voxel >= voxels,
  );
  if (outside !== undefined) {
    throw new DicomResultError(`The voxel ${outside} of the AIF or VOF is none of the ${voxels} of the maps.`);
  }
}
