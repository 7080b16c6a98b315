import { download, type Host, reasonOf } from '@voxelwise/host';
import type { PerfusionMap } from '../core/index.ts';
import { mapPng } from '../results/index.ts';
import type { PerfusionSession } from './perfusion-session.ts';
import { resultOnScreen } from './result-on-screen.ts';
import { sourceOfTime } from './series-source.ts';

/** Hands the slice in the views of one map to the browser as a PNG, with its color bar; tells the reader when that fails. */
export function exportPicture(session: PerfusionSession, host: Host, map: PerfusionMap): void {
  try {
    const { result, series, state } = resultOnScreen(session);
    const png = mapPng(result, map, state.slice, {
      orientation: sourceOfTime(series).slices[0]?.orientation ?? [],
      hasOutlines: state.showsOutlines,
    });
    download(new Blob([png], { type: 'image/png' }), `perfusion-${map}-slice-${state.slice + 1}.png`);
  } catch (error) {
    host.services.uiNotificationService.show({
      title: 'Perfusion picture',
      message: `The picture could not be made: ${reasonOf(error)}.`,
      type: 'error',
    });
  }
}
