import { allViewports, type Host } from '@voxelwise/host';
import { SOURCE_VIEWPORT } from '../hanging-protocol.ts';
import type { PerfusionState } from './state.ts';

/** What the bar shows and changes. */
export interface TimeBarSource {
  getState(): Pick<PerfusionState, 'timePoint' | 'isPlaying' | 'survey'>;
  subscribe(listener: () => void): () => void;
  timePoints(): number;
  goToTimePoint(timePoint: number): void;
  togglePlaying(): void;
}

/** Events on the bar that are not for the tools of the viewport under it. */
const OWN_EVENTS = ['pointerdown', 'pointerup', 'mousedown', 'touchstart', 'wheel', 'dblclick', 'click'] as const;

/**
 * A slider in the source view, beside the picture that it changes: on a phone the panel covers the views. Plain elements, because
 * they live in an element of the host's.
 */
export function createTimeBar(host: Host, source: TimeBarSource): { destroy(): void } {
  const { IMAGE_RENDERED } = host.cornerstone.Enums.Events;
  const bar = document.createElement('div');
  bar.className = 'vw-perfusion-time-bar';
  const play = document.createElement('button');
  play.type = 'button';
  const slider = document.createElement('input');
  slider.type = 'range';
  slider.min = '0';
  slider.dataset.testid = 'perfusion-time-bar';
  slider.setAttribute('aria-label', 'Time point');
  bar.append(play, slider);
  play.addEventListener('click', source.togglePlaying);
  slider.addEventListener('input', () => source.goToTimePoint(slider.valueAsNumber));
  for (const type of OWN_EVENTS) bar.addEventListener(type, event => event.stopPropagation());

  const update = () => {
    const { timePoint, isPlaying } = source.getState();
    const most = String(source.timePoints() - 1);
    if (slider.max !== most) slider.max = most;
    if (slider.valueAsNumber !== timePoint) slider.value = String(timePoint);
    const sign = isPlaying ? '❚❚' : '▶';
    if (play.textContent !== sign) {
      play.textContent = sign;
      play.setAttribute('aria-label', isPlaying ? 'Stop' : 'Play');
    }
  };
  /** The host makes the element of a view anew when the layout changes. */
  const attach = () => {
    const element = source.getState().survey && allViewports(host).find(({ id }) => id === SOURCE_VIEWPORT)?.element;
    if (!element) return bar.remove();
    if (bar.parentElement !== element) element.appendChild(bar);
    update();
  };
  const onRendered = (event: Event) => {
    const { viewportId } = (event as CustomEvent<{ viewportId: string }>).detail;
    if (viewportId === SOURCE_VIEWPORT && !bar.isConnected) attach();
  };
  document.addEventListener(IMAGE_RENDERED, onRendered, true);
  let survey = source.getState().survey;
  const unsubscribe = source.subscribe(() => {
    const now = source.getState().survey;
    if (now === survey) return update();
    survey = now;
    attach();
  });
  attach();

  return {
    destroy() {
      document.removeEventListener(IMAGE_RENDERED, onRendered, true);
      unsubscribe();
      bar.remove();
    },
  };
}
