import type { PerfusionState } from './state.ts';
import { shownVessels } from './vessels.ts';

/** What stands where maps will be, a sentence each: that they are being computed, or what is missing for it. */
export function insteadOfMaps({
  phase,
  survey,
  history,
  computing,
}: Pick<PerfusionState, 'phase' | 'survey' | 'history' | 'computing'>): readonly string[] {
  if (phase === 'refused') return ['No maps'];
  if (survey && shownVessels({ survey, history }).aif.length === 0) {
    return ['No maps: no artery was found.', 'Choose one with the tool AIF (A).'];
  }
  return phase === 'ready' && computing === null ? ['No maps'] : ['Computing …'];
}
