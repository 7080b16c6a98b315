import {
  type DerivedSource,
  type DicomObject,
  freeSeriesNumber,
  type UidGenerator,
  writeEncapsulatedPdf,
} from '@voxelwise/dicom';
import { type LabeledLesions, type MassCalibration, voxelsOfLabel } from '../../core/index.ts';
import type { CalciumReport } from '../report.ts';
import { type CalciumObjects, writeCalciumObjects } from './calcium-seg-sr.ts';

/** A finished result: what is printed of it, and the voxels behind that. */
export interface LabeledResult {
  readonly report: CalciumReport;
  readonly labeled: LabeledLesions;
  readonly calibration: MassCalibration | null;
  /** The report as a document. */
  readonly pdf: Uint8Array;
  /** JSON that the viewer wants back when the result is reopened. */
  readonly reopening?: string;
}

export interface ResultObjects extends CalciumObjects {
  readonly pdf: DicomObject;
}

/**
 * All DICOM objects of a result, with the numbers of its report, in the order in which they are stored.
 * @param source the slices in the order of the volume
 * @throws DicomResultError where something cannot be written
 */
export function writeResultObjects(
  source: DerivedSource,
  { report, labeled, calibration, pdf, reopening }: LabeledResult,
  options: { readonly takenSeriesNumbers: readonly number[]; readonly newUid?: UidGenerator },
): ResultObjects {
  const { software, createdAt: now } = report;
  const { takenSeriesNumbers: taken } = options;
  const pdfNumber = freeSeriesNumber(taken);
  const objects = writeCalciumObjects(
    source,
    {
      vessels: report.vessels.map(({ vessel, score, mass }) => ({
        vessel,
        score,
        massMg: mass.massMg,
        voxels: voxelsOfLabel(labeled, vessel),
      })),
      total: { score: report.total, massMg: report.totalMass.massMg },
      convention: labeled.set.convention,
      conventionInWords: report.conventionInWords,
      calibration,
      producer: report.compute.producer,
      warnings: report.warnings,
      ...(reopening !== undefined && { reopening }),
      software,
    },
    { ...options, takenSeriesNumbers: [...taken, pdfNumber], now },
  );
  const pdfObject = writeEncapsulatedPdf(source, pdf, {
    title: 'Coronary calcium score',
    identifiesPatient: true,
    seriesDescription: 'Coronary calcium report (PDF)',
    seriesNumber: pdfNumber,
    software: { modelName: software.name, versions: [software.version] },
    now,
    ...(options.newUid && { newUid: options.newUid }),
  });
  return { ...objects, pdf: pdfObject };
}
