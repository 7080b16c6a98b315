import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import type { PerfusionSession } from '../session/perfusion-session.ts';

/** A line of a chart. */
export interface ChartLine {
  readonly name: string;
  /** CSS color. */
  readonly color: string;
  /** One per time; NaN leaves a gap. */
  readonly values: ArrayLike<number>;
  readonly isDashed?: boolean;
  /** Has the scale on the right: a curve of tissue is a fiftieth of an artery's. */
  readonly isOnRight?: boolean;
}

interface Props {
  readonly session: PerfusionSession;
  readonly timesS: ArrayLike<number>;
  readonly lines: readonly ChartLine[];
  readonly heightPx: number;
  readonly yLabel: string;
  /** Of the scale on the right, where lines have it. */
  readonly rightLabel?: string;
  /** Marks the time that the source shows, and goes to another one by a click. */
  readonly followsTime?: boolean;
  readonly testId: string;
}

const AXIS: Pick<uPlot.Axis, 'stroke' | 'font' | 'labelFont' | 'grid' | 'ticks' | 'gap'> = {
  stroke: '#94a3b8',
  font: '11px sans-serif',
  labelFont: '11px sans-serif',
  grid: { stroke: 'rgb(148 163 184 / 0.15)', width: 1 },
  ticks: { stroke: 'rgb(148 163 184 / 0.3)', width: 1, size: 4 },
  gap: 3,
};

/** Lines over time. */
export function Chart({
  session,
  timesS,
  lines,
  heightPx,
  yLabel,
  rightLabel = '',
  followsTime = false,
  testId,
}: Props) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const shape = lines
    .map(({ name, color, isDashed, isOnRight }) => `${name} ${color} ${isDashed} ${isOnRight}`)
    .join('\n');
  const shown = useRef({ timesS, lines });
  shown.current = { timesS, lines };

  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew only for other lines; their values follow below
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const made = new uPlot(
      optionsOf(shown.current.lines, element, heightPx, [yLabel, rightLabel]),
      dataOf(shown.current),
      element,
    );
    plot.current = made;
    const resize = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: heightPx }));
    resize.observe(element);
    const unfollow = followsTime ? followTime(made, session) : () => {};
    return () => {
      unfollow();
      resize.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [session, shape, heightPx, yLabel, rightLabel, followsTime]);

  useEffect(() => {
    plot.current?.setData(dataOf({ timesS, lines }));
  }, [timesS, lines]);

  return <div ref={place} className="vw-chart" data-testid={testId} style={{ height: heightPx }} />;
}

function dataOf({ timesS, lines }: Pick<Props, 'timesS' | 'lines'>): uPlot.AlignedData {
  const withGaps = ({ values }: ChartLine) => Array.from(values, value => (Number.isFinite(value) ? value : null));
  return [Array.from(timesS), ...lines.map(withGaps)];
}

function optionsOf(
  lines: readonly ChartLine[],
  { clientWidth: width }: HTMLElement,
  height: number,
  [left, right]: readonly [string, string],
): uPlot.Options {
  const hasRight = lines.some(({ isOnRight }) => isOnRight);
  return {
    width,
    height,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    cursor: { drag: { x: false, y: false, setScale: false }, points: { size: 6 } },
    scales: { x: { time: false } },
    axes: [
      { ...AXIS, size: 28, values: (_, ticks) => ticks.map(tick => `${tick} s`) },
      { ...AXIS, size: 42, label: left, labelSize: 16 },
      ...(hasRight
        ? [{ ...AXIS, scale: 'right', side: 1 as const, size: 42, label: right, labelSize: 16, grid: { show: false } }]
        : []),
    ],
    series: [
      {},
      ...lines.map(({ name, color, isDashed, isOnRight }) => ({
        label: name,
        scale: isOnRight ? 'right' : 'y',
        stroke: color,
        width: 1.75,
        points: { show: false },
        ...(isDashed && { dash: [5, 4] }),
      })),
    ],
  };
}

/** A line at the time that the source shows. @returns a function that ends it */
function followTime(plot: uPlot, session: PerfusionSession): () => void {
  const mark = document.createElement('div');
  mark.className = 'vw-chart-time';
  plot.over.appendChild(mark);
  const move = () => {
    const timeS = plot.data[0][session.getState().timePoint];
    if (timeS !== undefined) mark.style.transform = `translateX(${plot.valToPos(timeS, 'x')}px)`;
  };
  const goThere = ({ offsetX, buttons, target }: PointerEvent) => {
    if (buttons === 1 && target === plot.over) session.goToTimePoint(plot.posToIdx(offsetX));
  };
  plot.over.addEventListener('pointerdown', goThere);
  plot.over.addEventListener('pointermove', goThere);
  const resize = new ResizeObserver(move);
  resize.observe(plot.over);
  const unsubscribe = session.subscribe(move);
  move();
  return () => {
    unsubscribe();
    resize.disconnect();
  };
}
