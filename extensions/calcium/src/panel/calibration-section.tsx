import { NumberField } from '@voxelwise/host/panel';
import { useEffect, useState } from 'react';
import { calendarDay, enteredCalibration, type MassCalibration, measuredCalibration } from '../core/index.ts';
import type { CalciumSession } from '../session/calcium-session.ts';
import { roiPair } from '../session/calibration-rois.ts';
import { type CalciumState, materialOf } from '../session/state.ts';
import { calibrationFromDrawn, DrawnRegions } from './calibration-regions.tsx';
import { dependsOn } from './depends-on.ts';

/** How the calibration is found: a known factor, two means that are known, or two regions on this scan. */
type Kind = 'entered' | 'typed' | 'drawn';
const KINDS: Readonly<Record<Kind, string>> = {
  entered: 'known factor',
  typed: 'insert and water, known means',
  drawn: 'insert and water, drawn here',
};

type Values = Readonly<Record<'factor' | 'densityMgPerCm3' | 'insertMeanHu' | 'waterMeanHu', number | null>>;

const NO_VALUES: Values = { factor: null, densityMgPerCm3: null, insertMeanHu: null, waterMeanHu: null };

/** The site's calibration for the mass score: a factor, or the measurement of an insert and of water. */
export const CalibrationSection = dependsOn(
  function CalibrationSection({ state, session }: { state: CalciumState; session: CalciumSession }) {
    const { calibration, tool } = state;
    const rois = state.history.present.calibrationRois;
    const [kind, setKind] = useState<Kind>('entered');
    const [values, setValues] = useState(NO_VALUES);
    const [text, setText] = useState('');
    const [date, setDate] = useState(() => calendarDay(new Date()));
    const [problem, setProblem] = useState('');
    const isDrawing = materialOf(tool) !== null || rois.insert !== null || rois.water !== null;
    useEffect(() => {
      if (isDrawing) setKind('drawn'); // also when the tool was chosen by its key, or regions were restored
    }, [isDrawing]);
    const origin = calibration?.origin;
    const densityMgPerCm3 = values.densityMgPerCm3 ?? (origin?.kind === 'measured' ? origin.densityMgPerCm3 : null);
    const field = (name: keyof Values, label: string, unit: string) => (
      <NumberField
        text={label}
        unit={unit}
        testId={`calcium-calibration-${name}`}
        value={name === 'densityMgPerCm3' ? densityMgPerCm3 : values[name]}
        onChange={value => setValues({ ...values, [name]: value })}
      />
    );
    const apply = () => {
      try {
        session.setCalibration(
          kind === 'drawn'
            ? calibrationFromDrawn(roiPair(rois), densityMgPerCm3, date, text)
            : calibrationOf(kind, { ...values, densityMgPerCm3 }, date, text),
        );
        setProblem('');
      } catch (error) {
        setProblem(error instanceof Error ? error.message : String(error));
      }
    };
    return (
      <form
        className="vw-form"
        aria-label="Mass calibration"
        onSubmit={event => {
          event.preventDefault();
          apply();
        }}
      >
        <p className="vw-muted vw-wide">
          Mass is only given with a calibration of this scanner, protocol and patient size. It holds for this series.
        </p>
        <label className="vw-wide">
          <span>Calibration</span>
          <select
            value={kind}
            data-testid="calcium-calibration-kind"
            onChange={event => {
              setKind(event.target.value as Kind);
              setProblem('');
            }}
          >
            {Object.entries(KINDS).map(([choice, name]) => (
              <option key={choice} value={choice}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {kind === 'entered' && field('factor', 'Factor', 'mg/cm³ per HU')}
        {kind === 'drawn' && (
          <DrawnRegions state={state} session={session} densityMgPerCm3={densityMgPerCm3} date={date} text={text} />
        )}
        {kind !== 'entered' && field('densityMgPerCm3', 'Density of the insert', 'mg/cm³ HA')}
        {kind === 'typed' && (
          <>
            {field('insertMeanHu', 'Insert, mean', 'HU')}
            {field('waterMeanHu', 'Water, mean', 'HU')}
          </>
        )}
        <label>
          <span>Date</span>
          <input type="date" value={date} onChange={event => setDate(event.target.value)} />
        </label>
        <label>
          <span>Scanner, protocol, size</span>
          <input type="text" value={text} onChange={event => setText(event.target.value)} />
        </label>
        {problem && (
          <p className="vw-refused vw-wide" role="alert" data-testid="calcium-calibration-problem">
            {problem}
          </p>
        )}
        <div className="vw-form-buttons vw-wide">
          <button type="submit" className="vw-button" data-testid="calcium-calibration-apply">
            Use
          </button>
          <button
            type="button"
            className="vw-button"
            disabled={!calibration}
            onClick={() => {
              session.setCalibration(null);
              setProblem('');
            }}
          >
            No mass
          </button>
        </div>
      </form>
    );
  },
  'calibration',
  'history',
  'tool',
  'displaySetUid',
);

/** @throws RangeError with a sentence when a value is missing or not plausible */
function calibrationOf(kind: 'entered' | 'typed', values: Values, date: string, text: string): MassCalibration {
  const { factor, densityMgPerCm3, insertMeanHu, waterMeanHu } = values;
  if (kind === 'entered') {
    if (factor === null) throw new RangeError('Enter the factor in mg/cm³ per HU, such as 0.8.');
    return enteredCalibration({ factor, unit: 'mg/cm3/HU', date, text });
  }
  if (densityMgPerCm3 === null || insertMeanHu === null || waterMeanHu === null) {
    throw new RangeError('Enter the density of the insert and the two mean values.');
  }
  return measuredCalibration({ densityMgPerCm3, insertMeanHu, waterMeanHu, date, text });
}
