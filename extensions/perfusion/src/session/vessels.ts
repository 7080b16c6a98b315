import {
  type ArterialInput,
  arterialInput,
  arterialWarnings,
  contrastOfCurve,
  curveAt,
  meanContrast,
  type Survey,
  type SurveyWarning,
  type VesselCurve,
  venousWarnings,
  vesselCurve,
} from '../core/index.ts';
import type { Decisions } from './decisions.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import type { PerfusionState, VesselEdit } from './state.ts';

/** A vessel's curve, and who has chosen its voxels. */
export interface ChosenVessel extends VesselCurve {
  readonly chosenBy: 'automatic' | 'reader';
}

/** What the maps are computed with. */
export interface ChosenVessels {
  readonly aif: ChosenVessel;
  /** Null where none was found, or the reader wants none. */
  readonly vof: ChosenVessel | null;
  readonly input: ArterialInput;
  readonly warnings: readonly SurveyWarning[];
}

/** That no arterial input was found or chosen, and what the reader can do, in a sentence. */
export class NoArteryError extends Error {
  override readonly name = 'NoArteryError';
}

/** Voxels of the vessels as they stand: the reader's, else those that were found. */
export function shownVessels({
  survey,
  history,
}: Pick<PerfusionState, 'survey' | 'history'>): Readonly<Record<'aif' | 'vof', readonly number[]>> {
  const { aif, vof } = history.present;
  return {
    aif: aif ?? Array.from(survey?.aif?.voxels ?? []),
    vof: vof ?? Array.from(survey?.vof?.voxels ?? []),
  };
}

/**
 * Curves of the vessels, and the arterial input that is made of them.
 * @throws NoArteryError where there is no artery; RangeError where a vessel has no contrast
 */
export function chosenVessels(
  { volume }: PerfusionSeries,
  survey: Survey,
  { aif: ownAif, vof: ownVof, settings }: Pick<Decisions, 'aif' | 'vof' | 'settings'>,
): ChosenVessels {
  const { intervalS, signal } = volume;
  const curveOf = (own: readonly number[] | null, found: VesselCurve | null): ChosenVessel | null => {
    if (own === null) return found && { ...found, chosenBy: 'automatic' };
    if (own.length === 0) return null;
    const curve = meanContrast(volume, own, survey.baseline);
    return { ...vesselCurve(Int32Array.from(own), curve, intervalS), chosenBy: 'reader' };
  };
  const aif = curveOf(ownAif, survey.aif);
  if (!aif) {
    throw new NoArteryError(
      'No curve is as high as an artery. Choose the tool AIF (A) and click a voxel of an artery in the source: then the maps are computed.',
    );
  }
  const vof = curveOf(ownVof, survey.vof);
  const brain = vesselCurve(new Int32Array(), survey.brainCurve, intervalS);
  const echoTimeS = signal.kind === 'susceptibility' ? signal.echoTimeS : undefined;
  return {
    aif,
    vof,
    input: arterialInput(aif, vof, settings.scaleByVof),
    warnings: [...arterialWarnings(aif, brain, intervalS, echoTimeS), ...(vof ? venousWarnings(vof) : [])],
  };
}

/** Why a voxel cannot belong to a vessel, in a sentence; '' where it can. */
export function vesselHint({ volume }: PerfusionSeries, { baseline }: Survey, voxel: number): string {
  const contrast = contrastOfCurve(curveAt(volume, voxel), volume.signal, baseline);
  const rises = Math.max(...contrast) > 0;
  return rises ? '' : 'The curve of this voxel does not rise with the contrast agent: choose a voxel in a vessel.';
}

/** The voxels of a vessel after a click on one: it alone, or joined to the others, or taken out where it was among them. */
export function editedVessel(voxels: readonly number[], voxel: number, edit: VesselEdit): readonly number[] {
  if (edit === 'move') return [voxel];
  return voxels.includes(voxel) ? voxels.filter(one => one !== voxel) : [...voxels, voxel].sort((a, b) => a - b);
}
