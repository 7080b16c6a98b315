import { useMemo } from 'react';
import { PERFUSION_MAPS } from '../core/index.ts';
import { formatMapValue, type RegionStatistics, unitOf } from '../results/index.ts';
import type { PerfusionSession } from '../session/perfusion-session.ts';
import { hemispheres, regionStatistics } from '../session/region-statistics.ts';
import { shownConstants } from '../session/state.ts';
import { usePart } from './use-part.ts';

interface Props {
  readonly session: PerfusionSession;
}

/** Values of every map in the regions that were drawn, beside those of the mirrored regions, and of both hemispheres. */
export function RegionsSection({ session }: Props) {
  const computed = usePart(session, 'computed');
  const survey = usePart(session, 'survey');
  const { regions } = usePart(session, 'history').present;
  const selected = usePart(session, 'selectedRegion');
  const series = session.currentSeries();
  const statistics = useMemo(
    () =>
      computed && survey && series ? regions.map(region => regionStatistics(region, computed, survey, series)) : [],
    [computed, survey, series, regions],
  );
  const halves = useMemo(
    () => computed && survey && series && hemispheres(computed, survey, series),
    [computed, survey, series],
  );
  return (
    <div className="vw-regions">
      {regions.length === 0 && (
        <p className="vw-muted">
          Draw a region with the tools Ellipse (E) or Free (F): its values and those of its mirrored region are listed
          here.
        </p>
      )}
      {statistics.map((region, index) => (
        <div key={region.name} className="vw-region" data-testid="perfusion-region" aria-current={index === selected}>
          <div className="vw-region-head">
            <button type="button" className="vw-show" onClick={() => session.selectRegion(index)}>
              {region.name}
            </button>
            <span className="vw-muted">
              slice {(regions[index]?.slice ?? 0) + 1}, {region.voxels} voxels, {region.volumeMl.toFixed(2)} mL
            </span>
            <button
              type="button"
              className="vw-button"
              aria-label={`Remove ${region.name}`}
              onClick={() => session.removeRegion(index)}
            >
              ✕
            </button>
          </div>
          <Comparison session={session} statistics={region} names={['Region', 'Mirrored']} />
        </div>
      ))}
      {halves && (
        <div className="vw-region" data-testid="perfusion-hemispheres">
          <div className="vw-region-head">
            <span>Hemispheres</span>
            <span className="vw-muted">{halves.name}</span>
          </div>
          <Comparison session={session} statistics={halves} names={['Right', 'Left']} />
        </div>
      )}
    </div>
  );
}

/** Mean and spread of both sides, and their ratio. */
function Comparison({
  session,
  statistics,
  names,
}: Props & { readonly statistics: RegionStatistics; readonly names: readonly [string, string] }) {
  const [computed, history] = [usePart(session, 'computed'), usePart(session, 'history')];
  const constants = shownConstants({ computed, history });
  return (
    <table className="vw-table">
      <thead>
        <tr>
          <th scope="col">Mean ± SD</th>
          {names.map(name => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
          <th scope="col">Ratio</th>
        </tr>
      </thead>
      <tbody>
        {PERFUSION_MAPS.map(map => {
          const [own, other] = [statistics.maps[map], statistics.mirrored?.maps[map]];
          const ratio = own && other ? own.mean / other.mean : Number.NaN;
          return (
            <tr key={map} data-map={map}>
              <th scope="row">
                {map} <small>{unitOf(map, constants)}</small>
              </th>
              {[own, other].map((side, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two columns that stay where they are
                <td key={index} data-value={side?.mean ?? ''}>
                  {side ? `${formatMapValue(map, side.mean)} ± ${formatMapValue(map, side.standardDeviation)}` : '–'}
                </td>
              ))}
              <td>{Number.isFinite(ratio) ? ratio.toFixed(2) : '–'}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
