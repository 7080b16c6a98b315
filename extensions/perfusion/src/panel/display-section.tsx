import type { Host } from '@voxelwise/host';
import { Choice } from '@voxelwise/host/panel';
import { PERFUSION_MAPS, type PerfusionMap } from '../core/index.ts';
import { COLOR_MAP_LABELS, MAP_DISPLAYS, unitOf } from '../results/index.ts';
import { exportPicture } from '../session/export-picture.ts';
import type { PerfusionSession } from '../session/perfusion-session.ts';
import { shownConstants } from '../session/state.ts';
import { RuleField } from './rule-field.tsx';
import { usePart } from './use-part.ts';

interface Props {
  readonly session: PerfusionSession;
  readonly host: Host;
}

const MAP_CHOICES = Object.fromEntries(PERFUSION_MAPS.map(map => [map, map])) as Record<PerfusionMap, string>;
const PLACES = ['Upper left', 'Upper right', 'Lower left', 'Lower right'];

/** Which map is shown where, in which colors and between which values. */
export function DisplaySection({ session, host }: Props) {
  const { colorMap } = usePart(session, 'display');
  const shownMaps = usePart(session, 'shownMaps');
  return (
    <div className="vw-display">
      <div className="vw-switches">
        {shownMaps.map((map, view) => (
          <Choice
            key={PLACES[view]}
            name={PLACES[view] ?? ''}
            testId={`perfusion-view-${view + 1}`}
            value={map}
            choices={MAP_CHOICES}
            onChoose={chosen => session.showMap(view, chosen)}
          />
        ))}
        <Choice
          name="Colors"
          testId="perfusion-color-map"
          value={colorMap}
          choices={COLOR_MAP_LABELS}
          onChoose={session.setColorMap}
        />
      </div>
      {PERFUSION_MAPS.map(map => (
        <RangeRow key={map} session={session} host={host} map={map} />
      ))}
    </div>
  );
}

function RangeRow({ session, host, map }: Props & { readonly map: PerfusionMap }) {
  const computed = usePart(session, 'computed');
  const [low, high] = usePart(session, 'display').ranges[map];
  const history = usePart(session, 'history');
  const usual = MAP_DISPLAYS[map].range;
  const isUsual = low === usual[0] && high === usual[1];
  const unit = unitOf(map, shownConstants({ computed, history }));
  return (
    <div className="vw-range">
      <span className="vw-range-name">
        {map} <small>{unit}</small>
      </span>
      <RuleField
        text="from"
        unit=""
        value={low}
        least={-1000}
        most={high - 1e-6}
        testId={`perfusion-range-${map}-low`}
        onChoose={value => session.setRange(map, [value, high])}
      />
      <RuleField
        text="to"
        unit=""
        value={high}
        least={low + 1e-6}
        most={10_000}
        testId={`perfusion-range-${map}-high`}
        onChoose={value => session.setRange(map, [low, value])}
      />
      <button type="button" className="vw-button" disabled={isUsual} onClick={() => session.setRange(map, usual)}>
        Reset
      </button>
      <button
        type="button"
        className="vw-button"
        disabled={!computed}
        title={`Picture of ${map} with its color bar, of the slice in the views`}
        data-testid={`perfusion-png-${map}`}
        onClick={() => exportPicture(session, host, map)}
      >
        PNG
      </button>
    </div>
  );
}
