import { useMemo } from 'react';
import { DARK_CURVE_COLORS } from '../session/colors.ts';
import { residueOf, shownCurves } from '../session/curves.ts';
import type { PerfusionSession } from '../session/perfusion-session.ts';
import { Chart, type ChartLine } from './chart.tsx';
import { usePart } from './use-part.ts';

interface Props {
  readonly session: PerfusionSession;
}

/** Contrast over time of artery, vein, and what the reader points at, with its mirrored region; below it the residue function. */
export function CurvesSection({ session }: Props) {
  const survey = usePart(session, 'survey');
  const computed = usePart(session, 'computed');
  const { present } = usePart(session, 'history');
  const pointed = usePart(session, 'pointed');
  const selectedRegion = usePart(session, 'selectedRegion');
  const series = session.currentSeries();

  const shown = useMemo(
    () =>
      series &&
      survey &&
      shownCurves(series, survey, present, { pointed, region: present.regions[selectedRegion] ?? null }),
    [series, survey, present, pointed, selectedRegion],
  );
  const lines = useMemo(
    () =>
      (shown?.curves ?? []).map(
        ({ kind, name, values }): ChartLine => ({
          name,
          values,
          color: DARK_CURVE_COLORS[kind],
          isDashed: kind === 'mirrored',
          isOnRight: kind === 'tissue' || kind === 'mirrored',
        }),
      ),
    [shown],
  );
  const residue = useMemo(
    () => series && survey && computed && shown && residueOf(series, survey, computed, shown),
    [series, survey, computed, shown],
  );
  const residueLines = useMemo(
    () => (residue ? [{ name: 'Residue function', values: residue.values, color: DARK_CURVE_COLORS.tissue }] : []),
    [residue],
  );
  if (!series || !shown) return null;
  const isCt = series.volume.signal.kind === 'attenuation';
  return (
    <div className="vw-curves">
      <ul className="vw-legend" data-testid="perfusion-legend">
        {lines.map(({ name, color, isDashed }) => (
          <li key={name}>
            <span
              className="vw-line"
              style={{ borderTopColor: color, borderTopStyle: isDashed ? 'dashed' : 'solid' }}
            />
            {name}
          </li>
        ))}
      </ul>
      <Chart
        session={session}
        timesS={shown.timesS}
        lines={lines}
        heightPx={190}
        yLabel={isCt ? 'Vessels, HU' : 'Vessels, ΔR2* in 1/s'}
        rightLabel={isCt ? 'Tissue, HU' : 'Tissue, ΔR2* in 1/s'}
        followsTime
        testId="perfusion-curves"
      />
      {residue ? (
        <>
          <p className="vw-muted" data-testid="perfusion-residue-values">
            Residue function of {residue.name}: {residue.text}
          </p>
          <Chart
            session={session}
            timesS={residue.timesS}
            lines={residueLines}
            heightPx={110}
            yLabel={residue.yLabel}
            testId="perfusion-residue"
          />
        </>
      ) : (
        <p className="vw-muted" data-testid="perfusion-point-hint">
          Click a voxel in any view, or draw a region, to see its curve, its residue function and its values.
        </p>
      )}
    </div>
  );
}
