import { type DerivedSource, type DicomObject, freeSeriesNumber, writeEncapsulatedPdf } from '@voxelwise/dicom';
import { type HeartRegion, type LabeledLesions, type MassCalibration, voxelsOfLabel } from '../../core/index.ts';
import type { CalciumReport } from '../report.ts';
import {
  type CalciumObjects,
  type CalciumObjectsOptions,
  type CalciumResult,
  writeCalciumObjects,
} from './calcium-seg-sr.ts';

export interface ResultObjects extends CalciumObjects {
  /** The printed report. */
  readonly pdf: DicomObject;
}

/** What a result was made with, beside the convention. */
export interface ResultSettings {
  readonly calibration: MassCalibration | null;
  /** The heart region that the lesions were looked for in; null for everywhere. */
  readonly region: HeartRegion | null;
  /** JSON that the viewer wants back when the result is reopened. */
  readonly reopening?: string;
}

/** What goes into the DICOM objects: the numbers of the report, and the voxels per vessel behind them. */
export function resultOf(
  report: Pick<
    CalciumReport,
    'vessels' | 'total' | 'totalMass' | 'conventionInWords' | 'compute' | 'warnings' | 'software'
  >,
  labeled: LabeledLesions,
  settings: ResultSettings,
): CalciumResult {
  return {
    vessels: report.vessels.map(({ vessel, score, mass }) => ({
      vessel,
      score,
      massMg: mass.massMg,
      voxels: voxelsOfLabel(labeled, vessel),
    })),
    total: { score: report.total, massMg: report.totalMass.massMg },
    convention: labeled.set.convention,
    conventionInWords: report.conventionInWords,
    ...settings,
    producer: report.compute.producer,
    warnings: report.warnings,
    software: report.software,
  };
}

/**
 * All DICOM objects of a result, in the order in which they are stored.
 * @param source the slices in the order of the volume
 * @param pdf the printed report
 * @throws DicomResultError where something cannot be written
 */
export function writeResultObjects(
  source: DerivedSource,
  result: CalciumResult,
  pdf: Uint8Array,
  options: CalciumObjectsOptions,
): ResultObjects {
  const { takenSeriesNumbers: taken } = options;
  const seriesNumber = freeSeriesNumber(taken);
  return {
    ...writeCalciumObjects(source, result, { ...options, takenSeriesNumbers: [...taken, seriesNumber] }),
    pdf: writeReportPdf(source, pdf, result.software, { ...options, seriesNumber }),
  };
}

/**
 * The printed report as a DICOM object.
 * @throws DicomResultError where it cannot be written
 */
export function writeReportPdf(
  source: DerivedSource,
  pdf: Uint8Array,
  { name, version }: CalciumResult['software'],
  { seriesNumber, now, newUid }: Pick<CalciumObjectsOptions, 'now' | 'newUid'> & { readonly seriesNumber: number },
): DicomObject {
  return writeEncapsulatedPdf(source, pdf, {
    title: 'Coronary calcium score',
    identifiesPatient: true,
    seriesDescription: 'Coronary calcium report (PDF)',
    seriesNumber,
    software: { modelName: name, versions: [version] },
    ...(now && { now }),
    ...(newUid && { newUid }),
  });
}
