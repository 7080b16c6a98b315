import {
  type ArterialInput,
  aifFromVoxels,
  arterialInput,
  contrastOfCurve,
  curveAt,
  type DynamicVolume,
  NoBolusError,
  type Survey,
  SurveyError,
  type SurveyWarning,
  surveyInSteps,
  type VesselCurve,
} from '@voxelwise/perfusion/core';
import { Refusal } from '../refusal.ts';

/** What is known of a series before maps, and the arterial input to compute them with. */
export interface SurveyedSeries {
  readonly survey: Survey;
  readonly aif: VesselCurve;
  readonly chosenBy: 'automatic' | 'reader';
  readonly input: ArterialInput;
  readonly warnings: readonly SurveyWarning[];
}

/**
 * Finds brain, baseline and vessels of a series. The artery is that of the given voxels, where there are any.
 * @throws Refusal where there is no brain, no bolus or no artery.
 */
export function surveySeries(
  volume: DynamicVolume,
  ownVoxels: readonly number[] | null,
  isScaledByVof: boolean,
  onProgress: (part: number) => void,
): SurveyedSeries {
  const survey = surveyed(volume, onProgress);
  const own = ownVoxels && chosen(volume, ownVoxels, survey);
  const aif = own?.aif ?? survey.aif;
  if (!aif) {
    throw new Refusal(
      'No curve is as high as that of an artery, so no arterial input was found; draw one with --aif <file>.',
    );
  }
  // What was said of the artery that is not used says nothing here.
  const ofVein = survey.warnings.filter(({ code }) => code === 'no-vein');
  return {
    survey,
    aif,
    chosenBy: own ? 'reader' : 'automatic',
    input: arterialInput(aif, survey.vof, isScaledByVof),
    warnings: own ? [...own.warnings, ...ofVein] : survey.warnings,
  };
}

function surveyed(volume: DynamicVolume, onProgress: (part: number) => void): Survey {
  try {
    const steps = surveyInSteps(volume);
    for (;;) {
      const { done, value } = steps.next();
      if (done) return value;
      onProgress(value);
    }
  } catch (error) {
    throw error instanceof SurveyError || error instanceof NoBolusError ? new Refusal(error.message) : error;
  }
}

function chosen(volume: DynamicVolume, voxels: readonly number[], survey: Survey) {
  const hasSignal = voxels.some(voxel =>
    contrastOfCurve(curveAt(volume, voxel), volume.signal, survey.baseline).every(Number.isFinite),
  );
  const own = hasSignal ? aifFromVoxels(volume, voxels, survey) : null;
  if (own && !Number.isNaN(own.aif.arrivalS)) return own;
  const where = voxels.length === 1 ? 'voxel' : `${voxels.length} voxels`;
  throw new Refusal(`No contrast agent passes the ${where} of the regions of --aif; draw them in an artery.`);
}
