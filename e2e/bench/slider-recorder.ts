/** Runs in the page, before anything else: records what happens to the threshold slider, the worker, the tint and the score. */

/** What happened, in the page's clock. */
export type SliderEvent =
  | { readonly kind: 'input'; readonly atMs: number; readonly thresholdHu: number }
  | { readonly kind: 'request'; readonly atMs: number; readonly id: number; readonly thresholdHu: number }
  | { readonly kind: 'answer'; readonly atMs: number; readonly id: number; readonly workerMs: number }
  | { readonly kind: 'tint' | 'score'; readonly atMs: number };

/** To be added to the page as an initial script. It puts its record into `sliderEvents`. */
export function recordSlider(): void {
  const events: SliderEvent[] = [];
  Object.assign(window, { sliderEvents: events });

  window.addEventListener(
    'input',
    ({ target, timeStamp }) => {
      if (!(target instanceof HTMLInputElement) || target.dataset.testid !== 'calcium-threshold') return;
      events.push({ kind: 'input', atMs: timeStamp, thresholdHu: target.valueAsNumber });
    },
    { capture: true },
  );

  type Run = { type?: string; id: number; parameters?: { convention?: { thresholdHu?: number } } };
  type Answer = { id: number; result?: { report?: { milliseconds: number } } };
  window.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      this.addEventListener('message', ({ data: { id, result } }: MessageEvent<Answer>) => {
        const workerMs = result?.report?.milliseconds;
        if (workerMs !== undefined) events.push({ kind: 'answer', atMs: performance.now(), id, workerMs });
      });
    }
    override postMessage(...sent: unknown[]) {
      const [{ type, id, parameters }] = sent as [Run];
      const thresholdHu = parameters?.convention?.thresholdHu;
      if (type === 'run' && thresholdHu !== undefined) {
        events.push({ kind: 'request', atMs: performance.now(), id, thresholdHu });
      }
      return Reflect.apply(super.postMessage, this, sent);
    }
  };

  const { drawImage } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.drawImage = function record(this: CanvasRenderingContext2D, ...drawn: unknown[]) {
    Reflect.apply(drawImage, this, drawn);
    if (this.canvas.className === 'voxelwise-slice-overlay') events.push({ kind: 'tint', atMs: performance.now() });
  } as typeof drawImage;

  const changes = { subtree: true, characterData: true, childList: true, attributes: true };
  const observer = new MutationObserver(records => {
    const isScore = ({ target }: MutationRecord) =>
      (target instanceof Element ? target : target.parentElement)?.closest('[data-testid=calcium-total]');
    if (records.some(isScore)) events.push({ kind: 'score', atMs: performance.now() });
  });
  document.addEventListener('DOMContentLoaded', () => observer.observe(document.body, changes));
}

/** One step of the slider, in milliseconds after the browser made the event. */
export interface SliderStep {
  readonly scoreMs: number;
  readonly tintMs: number;
}

/** A run in the worker that came of the steps, in milliseconds. */
export interface WorkerRun {
  readonly workerMs: number;
  /** From the message to the worker to its answer, without the worker's computing. */
  readonly messagesMs: number;
}

/**
 * The steps that scores and tint followed. The page shows a step at once, or asks the worker first: then what is shown before
 * the answer that knows the step is not counted. A score that has not changed with a step is not counted either.
 */
export function stepsOf(events: readonly SliderEvent[]): SliderStep[] {
  return events.flatMap((input, index) => {
    if (input.kind !== 'input') return [];
    const later = events.slice(index + 1);
    const first = later[0];
    const asks = first?.kind === 'request' || (first?.kind === 'input' && later.some(({ kind }) => kind === 'request'));
    const request = asks ? later.find(event => event.kind === 'request') : undefined;
    const from = request ? later.findIndex(event => event.kind === 'answer' && event.id === request.id) : 0;
    if (from < 0) return [];
    const nextInput = later.findIndex(({ kind }, i) => i > from && kind === 'input');
    const shown = later.slice(from, nextInput < 0 ? undefined : nextInput);
    const tint = shown.find(({ kind }) => kind === 'tint');
    const score = shown.find(({ kind }) => kind === 'score');
    return tint && score ? [{ scoreMs: score.atMs - input.atMs, tintMs: tint.atMs - input.atMs }] : [];
  });
}

export function workerRunsOf(events: readonly SliderEvent[]): WorkerRun[] {
  return events.flatMap(request => {
    if (request.kind !== 'request') return [];
    const answer = events.find(event => event.kind === 'answer' && event.id === request.id);
    if (answer?.kind !== 'answer') return [];
    return [{ workerMs: answer.workerMs, messagesMs: answer.atMs - request.atMs - answer.workerMs }];
  });
}
