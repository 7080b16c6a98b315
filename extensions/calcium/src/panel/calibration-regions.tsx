import { type CalibrationRois, calibrationFromRois, type MassCalibration } from '../core/index.ts';
import type { CalciumSession } from '../session/calcium-session.ts';
import {
  CALIBRATION_MATERIALS,
  type CalibrationMaterial,
  type DrawnRois,
  roiPair,
  roiSummary,
} from '../session/calibration-rois.ts';
import type { CalciumState } from '../session/state.ts';
import { ROI_COLORS } from '../session/views.ts';

const NAMES: Readonly<Record<CalibrationMaterial, { readonly text: string; readonly key: string }>> = {
  insert: { text: 'Insert', key: 'I' },
  water: { text: 'Water', key: 'W' },
};

interface Props {
  readonly state: CalciumState;
  readonly session: CalciumSession;
  readonly densityMgPerCm3: number | null;
  readonly date: string;
  readonly text: string;
}

/** The two regions with what they hold, and the factor that they give. */
export function DrawnRegions({ state, session, densityMgPerCm3, date, text }: Props) {
  const { tool, calibration } = state;
  const rois = state.history.present.calibrationRois;
  return (
    <div className="vw-rois vw-wide">
      {CALIBRATION_MATERIALS.map(material => {
        const roi = rois[material];
        const { text: name, key } = NAMES[material];
        return (
          <div key={material} className="vw-roi" data-testid={`calcium-roi-${material}`}>
            <button
              type="button"
              className="vw-button"
              aria-pressed={tool === `calibration-${material}`}
              title={`Drag an ellipse in the axial view (${key}); its handles move it`}
              data-testid={`calcium-tool-calibration-${material}`}
              onClick={() => session.chooseTool(`calibration-${material}`)}
            >
              <i className="vw-chip" style={{ background: ROI_COLORS[material] }} />
              {name} <kbd>{key}</kbd>
            </button>
            {roi ? (
              <>
                <output>{roiSummary(roi)}</output>
                <button type="button" className="vw-show" onClick={() => session.showSlice(roi.slice)}>
                  {roi.imageName}
                </button>
              </>
            ) : (
              <span className="vw-muted">not drawn yet</span>
            )}
          </div>
        );
      })}
      <Outcome rois={rois} calibration={calibration} densityMgPerCm3={densityMgPerCm3} date={date} text={text} />
    </div>
  );
}

/** What the regions give, before it is used. */
function Outcome({
  rois,
  calibration,
  densityMgPerCm3,
  date,
  text,
}: Omit<Props, 'state' | 'session'> & { readonly rois: DrawnRois; readonly calibration: MassCalibration | null }) {
  const pair = roiPair(rois);
  if (!pair) return null;
  if (densityMgPerCm3 === null) return <p className="vw-muted">Enter the density of the insert.</p>;
  try {
    const { factorMgPerMm3Hu } = calibrationFromDrawn(pair, densityMgPerCm3, date, text);
    return (
      <>
        <p data-testid="calcium-roi-factor" data-value={1000 * factorMgPerMm3Hu}>
          Factor {(1000 * factorMgPerMm3Hu).toFixed(3)} mg/cm³ per HU
        </p>
        {isOfOtherRois(calibration, pair) && (
          <p className="vw-muted" data-testid="calcium-roi-not-in-use">
            The mass goes by other regions than these: press Use to calibrate with these.
          </p>
        )}
      </>
    );
  } catch (error) {
    return (
      <p className="vw-flag" role="status" data-testid="calcium-roi-problem">
        {error instanceof Error ? error.message : String(error)}
      </p>
    );
  }
}

/** @throws RangeError with a sentence when something is missing, or the regions do not allow it */
export function calibrationFromDrawn(
  rois: CalibrationRois | null,
  densityMgPerCm3: number | null,
  date: string,
  text: string,
): MassCalibration {
  if (!rois) throw new RangeError('Draw one region in the insert and one in water.');
  if (densityMgPerCm3 === null) throw new RangeError('Enter the density of the insert in mg/cm³ HA.');
  return calibrationFromRois({ rois, densityMgPerCm3, date, text });
}

function isOfOtherRois(calibration: MassCalibration | null, rois: CalibrationRois): boolean {
  const origin = calibration?.origin;
  return (
    origin?.kind === 'measured' && origin.rois !== undefined && JSON.stringify(origin.rois) !== JSON.stringify(rois)
  );
}
