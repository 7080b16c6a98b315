import { type Kernel, takeSteps, type VoxelVolume } from '@voxelwise/compute';
import { type Survey, SurveyError, type SurveyOptions, surveyInSteps } from '../../core/arterial/survey.ts';
import { NoBolusError } from '../../core/baseline/detect-baseline.ts';
import type { DynamicVolume } from '../../core/dynamic-volume.ts';

/** What a survey has to be told beside the voxels. Masks and regions have one byte per voxel of [nx, ny, nz]. */
export type SurveyParameters = Pick<DynamicVolume, 'timePoints' | 'intervalS' | 'spacingMm' | 'signal'> & SurveyOptions;

/** The survey, or the sentence that says why there cannot be one. */
export type SurveyOutcome =
  | { readonly survey: Survey; readonly refusal?: undefined }
  | { readonly refusal: string; readonly survey?: undefined };

/** Bytes per voxel of [nx, ny, nz]: masks, mean images, areas and the lists of the voxels that are looked at. */
const VOXEL_BYTES = 96;

/**
 * Brain, baseline, artery, vein and masks of a dynamic volume of dimensions [nx, ny * timePoints, nz]: core/arterial/survey.ts.
 * It looks at the whole volume and reads every voxel of the brain a few times, so it is not split and has no faster producer.
 */
export const surveyKernel: Kernel<SurveyParameters, SurveyOutcome> = {
  name: 'perfusion.survey',
  producers: {
    ts: {
      async run(volume, parameters, _, control) {
        try {
          return { survey: await takeSteps(surveyInSteps(dynamicVolume(volume, parameters), parameters), control) };
        } catch (error) {
          // What is wrong with the series is an answer: another producer would say the same.
          if (error instanceof SurveyError || error instanceof NoBolusError) return { refusal: error.message };
          throw error;
        }
      },
    },
  },
  // The masks that came with the parameters may be among them: those go with the answer as well, to whoever asked.
  transferables: ({ survey }) => (survey ? [...new Set(buffersOf(survey))] : []),
  neededBytes: ({ dimensions: [nx, rows, nz] }, { timePoints }) => ((nx * rows * nz) / timePoints) * VOXEL_BYTES,
};

/** The engine's volume as what it is. */
export function dynamicVolume(
  { voxels, dimensions: [nx, rows, nz] }: VoxelVolume,
  { timePoints, intervalS, spacingMm, signal }: SurveyParameters,
): DynamicVolume {
  if (!Number.isInteger(timePoints) || timePoints < 1 || rows % timePoints !== 0) {
    throw new RangeError(`A series of ${timePoints} time points cannot have ${rows} rows per slice.`);
  }
  return { voxels, dimensions: [nx, rows / timePoints, nz], timePoints, intervalS, spacingMm, signal };
}

function buffersOf({ baselineImage, brainMask, vesselMask, fluidMask, tissueMask, brainCurve, aif, vof }: Survey) {
  const curves = [aif, vof].flatMap(vessel => (vessel ? [vessel.voxels, vessel.curve] : []));
  return [baselineImage, brainMask, vesselMask, fluidMask, tissueMask, brainCurve, ...curves].map(
    array => array.buffer,
  );
}
