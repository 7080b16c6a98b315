import {
  BELOW_WEIGHTS_NOTE,
  interpretTotal,
  type MesaInputs,
  missingMesaInputs,
  type PersonAssessment,
} from '@voxelwise/calcium/core';
import {
  renderCalciumReport,
  reportOf,
  resultOf,
  writeCalciumObjects,
  writeReportPdf,
} from '@voxelwise/calcium/results';
import { DicomResultError, freeSeriesNumber } from '@voxelwise/dicom';
import { type LoadedSeries, sliceHuOf } from '../dicom-folder/load-series.ts';
import type { SourceImages } from '../dicom-folder/source-images.ts';
import type { OutputFile, OutputPath } from '../output-files.ts';
import { Refusal } from '../refusal.ts';
import { OUTPUT_OPTIONS, type Outputs, pathFor } from './arguments.ts';
import { type CalciumResult, vesselsInWords, type WrittenFile } from './result.ts';
import type { Person } from './risk.ts';
import type { SegmentationScore } from './score-vessels.ts';
import type { ChosenScoring } from './scoring.ts';

/** A finished score of vessels, with all that it was made from. */
export interface FinishedScore {
  readonly series: LoadedSeries;
  readonly images: SourceImages;
  readonly scoring: ChosenScoring;
  readonly score: SegmentationScore;
  readonly result: CalciumResult;
  readonly person: Person | null;
}

export interface OutputObjectPath extends OutputPath {
  readonly kind: WrittenFile['kind'];
}

const KINDS = { seg: 'segmentation', sr: 'report', pdf: 'pdf' } as const;
/** ManufacturerModelName of what is written. */
const SOFTWARE_NAME = 'Voxelwise command line';

/** The files that are asked for of a folder, in the order in which they refer to each other. */
export function outputPathsOf(outputs: Outputs, folder: string): OutputObjectPath[] {
  return OUTPUT_OPTIONS.flatMap(option => {
    const path = outputs[option];
    return path === undefined ? [] : [{ option: `--${option}`, kind: KINDS[option], path: pathFor(path, folder) }];
  });
}

/**
 * Makes the objects that the viewer stores of a result, as files.
 * @throws Refusal when the images lack what such an object needs.
 */
export async function makeObjects(
  { series, images, scoring, score, result, person }: FinishedScore,
  outputs: readonly OutputObjectPath[],
  paper: Outputs['paper'],
  now: Date,
): Promise<(OutputFile & WrittenFile)[]> {
  const { volume, facts, headers, seriesNumbers } = series;
  const { calibration } = scoring;
  const { labeled, scores, report: compute, notes } = score;
  const interpretation = interpretTotal(scores.total);
  if (!interpretation) throw new Refusal(BELOW_WEIGHTS_NOTE);
  const assessment = person && result.risk ? assessmentOf(person, result.risk) : null;
  const report = reportOf(
    {
      labeled,
      scores,
      category: interpretation.category,
      calibration,
      facts,
      attribute: images.attribute,
      sliceHu: slice => sliceHuOf(volume, slice),
      instanceNumber: slice => headers[slice]!.instanceNumber,
      ...(assessment && { person: assessment }),
      furtherConvention: vesselsInWords(score),
      compute,
      warnings: result.warnings,
      notes,
      software: { name: SOFTWARE_NAME, version: result.convention.software.version },
    },
    now,
  );
  const pdf = outputs.some(({ kind }) => kind === 'pdf') ? await renderCalciumReport(report, { paper }) : null;
  try {
    const { source } = images;
    const seriesNumber = freeSeriesNumber(seriesNumbers);
    const made = writeCalciumObjects(source, resultOf(report, labeled, { calibration, region: null }), {
      takenSeriesNumbers: [...seriesNumbers, seriesNumber],
      now,
    });
    return outputs.map(output => {
      if (output.kind === 'pdf' && !/\.dcm$/i.test(output.path)) return { ...output, bytes: pdf! };
      const { bytes, sopInstanceUid } =
        output.kind === 'pdf'
          ? writeReportPdf(source, pdf!, report.software, { seriesNumber, now })
          : made[output.kind];
      return { ...output, bytes, uid: sopInstanceUid };
    });
  } catch (error) {
    throw error instanceof DicomResultError
      ? new Refusal(`The result cannot be written as DICOM: ${error.message}`)
      : error;
  }
}

/** As printed in the result, so that report and result say the same of the person. */
function assessmentOf(
  { mesa: inputs }: Person,
  { mesa, percentile }: NonNullable<CalciumResult['risk']>,
): PersonAssessment {
  const isComplete = missingMesaInputs(inputs).length === 0;
  return { percentile, mesa, mesaInputs: isComplete ? (inputs as MesaInputs) : null };
}
