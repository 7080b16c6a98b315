import { useState } from 'react';
import { enteredCalibration, type MassCalibration, measuredCalibration } from '../core/index.ts';
import type { CalciumSession } from '../session/calcium-session.ts';
import type { CalciumState } from '../session/state.ts';
import { dependsOn } from './depends-on.ts';
import { NumberField } from './number-field.tsx';

type Values = Readonly<Record<'factor' | 'densityMgPerCm3' | 'insertMeanHu' | 'waterMeanHu', number | null>>;

const NO_VALUES: Values = { factor: null, densityMgPerCm3: null, insertMeanHu: null, waterMeanHu: null };

/** The site's calibration for the mass score: a factor, or the measurement of an insert and of water in a phantom. */
export const CalibrationSection = dependsOn(function CalibrationSection({
  state,
  session,
}: {
  state: CalciumState;
  session: CalciumSession;
}) {
  const { calibration } = state;
  const [kind, setKind] = useState<'entered' | 'measured'>('entered');
  const [values, setValues] = useState(NO_VALUES);
  const [text, setText] = useState('');
  const [date, setDate] = useState(() => new Date().toISOString().slice(0, 10));
  const [problem, setProblem] = useState('');
  const field = (name: keyof Values, label: string, unit: string) => (
    <NumberField
      text={label}
      unit={unit}
      testId={`calcium-calibration-${name}`}
      value={values[name]}
      onChange={value => setValues({ ...values, [name]: value })}
    />
  );
  const apply = () => {
    try {
      session.setCalibration(calibrationOf(kind, values, date, text));
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
      <label>
        <span>Calibration</span>
        <select value={kind} onChange={event => setKind(event.target.value === 'measured' ? 'measured' : 'entered')}>
          <option value="entered">known factor</option>
          <option value="measured">insert and water</option>
        </select>
      </label>
      {kind === 'entered' ? (
        field('factor', 'Factor', 'mg/cm³ per HU')
      ) : (
        <>
          {field('densityMgPerCm3', 'Insert', 'mg/cm³ HA')}
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
}, 'calibration');

/** @throws RangeError with a sentence when a value is missing or not plausible */
function calibrationOf(kind: 'entered' | 'measured', values: Values, date: string, text: string): MassCalibration {
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
