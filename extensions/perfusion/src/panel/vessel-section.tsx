import { DARK_CURVE_COLORS } from '../session/colors.ts';
import type { PerfusionSession, Vessel } from '../session/perfusion-session.ts';
import { shownVessels } from '../session/vessels.ts';
import { usePart } from './use-part.ts';

interface Props {
  readonly session: PerfusionSession;
}

const NAMES: Readonly<Record<Vessel, string>> = { aif: 'Arterial input (AIF)', vof: 'Venous output (VOF)' };

/** Where the arterial and the venous curve are taken from, and how a click changes that. */
export function VesselSection({ session }: Props) {
  const edit = usePart(session, 'vesselEdit');
  const { settings } = usePart(session, 'history').present;
  return (
    <div className="vw-vessels">
      {(['aif', 'vof'] as const).map(vessel => (
        <VesselRow key={vessel} session={session} vessel={vessel} />
      ))}
      <fieldset className="vw-choice">
        <legend>A click with the tool of a vessel</legend>
        <label>
          <input
            type="radio"
            name="vw-vessel-edit"
            checked={edit === 'move'}
            data-testid="perfusion-edit-move"
            onChange={() => session.setVesselEdit('move')}
          />
          moves it to the voxel
        </label>
        <label>
          <input
            type="radio"
            name="vw-vessel-edit"
            checked={edit === 'extend'}
            data-testid="perfusion-edit-extend"
            onChange={() => session.setVesselEdit('extend')}
          />
          adds the voxel, or takes it out
        </label>
      </fieldset>
      <label className="vw-check">
        <input
          type="checkbox"
          checked={settings.scaleByVof}
          data-testid="perfusion-scale"
          onChange={event => session.setSettings({ scaleByVof: event.target.checked })}
        />
        Scale the AIF to the area of the VOF, against partial volume
      </label>
      <Scale session={session} />
    </div>
  );
}

function VesselRow({ session, vessel }: Props & { readonly vessel: Vessel }) {
  const survey = usePart(session, 'survey');
  const { present } = usePart(session, 'history');
  const tool = usePart(session, 'tool');
  const voxels = survey ? shownVessels({ survey, history: { past: [], present, future: [] } })[vessel] : [];
  const isOwn = present[vessel] !== null;
  const count = voxels.length === 0 ? 'none found' : `${voxels.length} ${voxels.length === 1 ? 'voxel' : 'voxels'}`;
  return (
    <div className="vw-vessel" data-testid={`perfusion-${vessel}`} data-voxels={voxels.join(' ')}>
      <span className="vw-chip" style={{ background: DARK_CURVE_COLORS[vessel] }} />
      <span className="vw-vessel-name">
        {NAMES[vessel]}
        <small>
          {count}, {isOwn ? 'chosen by the reader' : 'automatic'}
        </small>
      </span>
      <button
        type="button"
        className="vw-button"
        disabled={voxels.length === 0}
        onClick={() => session.showVessel(vessel)}
      >
        Show
      </button>
      <button
        type="button"
        className="vw-button"
        aria-pressed={tool === vessel}
        onClick={() => session.chooseTool(vessel)}
      >
        Choose
      </button>
      <button
        type="button"
        className="vw-button"
        disabled={!isOwn}
        data-testid={`perfusion-reset-${vessel}`}
        onClick={() => session.resetVessel(vessel)}
      >
        Automatic
      </button>
    </div>
  );
}

function Scale({ session }: Props) {
  const computed = usePart(session, 'computed');
  if (!computed) return null;
  const { scale } = computed.settings.aif;
  return (
    <p className="vw-muted" data-testid="perfusion-aif-scale">
      {scale === 1 ? 'The AIF is taken as it is.' : `The AIF is multiplied by ${scale.toFixed(3)}.`}
    </p>
  );
}
