import { NumberField } from '@voxelwise/host/panel';
import {
  assessPerson,
  BELOW_WEIGHTS_NOTE,
  isBelowWeights,
  type MESA_RACES,
  type MesaAssessment,
  type PercentileResult,
  percentileSource,
  racesOf,
  tableGroupOf,
} from '../core/index.ts';
import type { CalciumSession } from '../session/calcium-session.ts';
import type { CalciumState, ScoreTable } from '../session/state.ts';

interface Props {
  readonly state: CalciumState;
  readonly session: CalciumSession;
  readonly scores: ScoreTable;
}

const NUMBERS = [
  { name: 'ageYears', text: 'Age', unit: 'years' },
  { name: 'systolicMmHg', text: 'Systolic blood pressure', unit: 'mmHg' },
  { name: 'totalCholesterolMgPerDl', text: 'Total cholesterol', unit: 'mg/dL' },
  { name: 'hdlCholesterolMgPerDl', text: 'HDL cholesterol', unit: 'mg/dL' },
] as const;

const FLAGS = [
  { name: 'hasDiabetes', text: 'Diabetes' },
  { name: 'isSmoker', text: 'Current smoker' },
  { name: 'hasFamilyHistory', text: 'Family history of heart attack' },
  { name: 'takesLipidMedication', text: 'Lipid medication' },
  { name: 'takesBloodPressureMedication', text: 'Blood pressure medication' },
] as const;

const RACE_NAMES: Record<(typeof MESA_RACES)[number], string> = {
  white: 'White',
  chinese: 'Chinese',
  black: 'Black',
  hispanic: 'Hispanic',
};

/** Meaning of the score for the person: percentile, CAC-DRS, arterial age, and the 10-year risk from entered facts. */
export function RiskSection({ state, session, scores }: Props) {
  const { person, percentiles } = state;
  const { interpretation, total } = scores;
  const { table } = percentiles;
  const groups = table ? racesOf(table) : [];
  const { percentile, mesa } = assessPerson(person, interpretation && total, table);
  return (
    <div className="vw-risk">
      {interpretation === null ? (
        <p className="vw-muted">
          {isBelowWeights(total)
            ? BELOW_WEIGHTS_NOTE
            : 'There is no score yet: assign lesions, or confirm that there is no calcium.'}
        </p>
      ) : (
        <dl className="vw-facts">
          <Fact name="Class" testId="calcium-cac-drs">
            {interpretation.cacDrs.label}
          </Fact>
          <Fact name="Arterial age" testId="calcium-arterial-age">
            {Math.round(interpretation.arterialAgeYears)} years
          </Fact>
          <Percentile result={percentile} problem={percentiles.problem} />
        </dl>
      )}
      <form className="vw-form" onSubmit={event => event.preventDefault()} aria-label="Inputs of the MESA risk">
        <Select
          text="Sex"
          testId="calcium-risk-sex"
          value={person.sex ?? ''}
          choices={{ female: 'Female', male: 'Male' }}
          onChoose={sex => session.setPerson({ sex })}
        />
        <Select
          text="Race or ethnicity (MESA)"
          testId="calcium-risk-race"
          value={person.race ?? ''}
          choices={RACE_NAMES}
          onChoose={race => session.setPerson({ race })}
        />
        {table && groups.length > 0 && (
          <Select
            text={`Group in ${table.name}`}
            testId="calcium-risk-tableGroup"
            value={tableGroupOf(person, table) ?? ''}
            choices={Object.fromEntries(groups.map(group => [group, group]))}
            onChoose={tableGroup => session.setPerson({ tableGroup })}
          />
        )}
        {NUMBERS.map(({ name, text, unit }) => (
          <NumberField
            key={name}
            text={text}
            unit={unit}
            testId={`calcium-risk-${name}`}
            value={person[name] ?? null}
            onChange={value => session.setPerson({ [name]: value })}
          />
        ))}
        {FLAGS.map(({ name, text }) => (
          <Select
            key={name}
            text={text}
            testId={`calcium-risk-${name}`}
            value={person[name] === undefined || person[name] === null ? '' : person[name] ? 'yes' : 'no'}
            choices={{ no: 'No', yes: 'Yes' }}
            onChoose={answer => session.setPerson({ [name]: answer === null ? null : answer === 'yes' })}
          />
        ))}
      </form>
      <Risk assessment={mesa} />
      <p className="vw-muted">What is entered here stays in this browser page and is gone when the study is closed.</p>
    </div>
  );
}

function Percentile({ result, problem }: { result: PercentileResult | null; problem: string }) {
  return (
    <div className="vw-percentile">
      <dt>Percentile</dt>
      <dd data-testid="calcium-percentile">
        {result === null ? problem || 'needs age and sex' : result.kind === 'refused' ? result.reason : result.text}
        {result && result.kind !== 'refused' && <small>{percentileSource(result)}</small>}
      </dd>
    </div>
  );
}

function Risk({ assessment }: { assessment: MesaAssessment }) {
  if (assessment.kind === 'missing') {
    return (
      <p className="vw-muted" data-testid="calcium-risk">
        10-year risk (MESA): needs {assessment.missing.join(', ')}.
      </p>
    );
  }
  if (assessment.kind === 'refused') {
    return (
      <ul className="vw-warnings" data-testid="calcium-risk">
        {assessment.reasons.map(reason => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    );
  }
  const { withCacPercent, withoutCacPercent } = assessment;
  return (
    <dl className="vw-facts" data-testid="calcium-risk">
      <Fact name="10-year risk of coronary heart disease, with calcium">
        {withCacPercent === null ? 'no score yet' : `${withCacPercent.toFixed(1)} %`}
      </Fact>
      <Fact name="without calcium">{withoutCacPercent.toFixed(1)} %</Fact>
      <Fact name="Source">
        MESA, McClelland et al., J Am Coll Cardiol 2015;66:1643-1653; coefficients to be verified
      </Fact>
    </dl>
  );
}

function Fact({ name, testId, children }: { name: string; testId?: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-testid={testId}>{children}</dd>
    </div>
  );
}

interface SelectProps<Value extends string> {
  readonly text: string;
  readonly testId: string;
  readonly value: Value | '';
  readonly choices: Readonly<Record<Value, string>>;
  /** Null when the reader takes the answer back. */
  readonly onChoose: (value: Value | null) => void;
}

/** A question that is open at first: there is no default answer. */
function Select<Value extends string>({ text, testId, value, choices, onChoose }: SelectProps<Value>) {
  return (
    <label>
      <span>{text}</span>
      <select
        value={value}
        data-testid={testId}
        onChange={event => onChoose(event.target.value === '' ? null : (event.target.value as Value))}
      >
        <option value="">–</option>
        {(Object.entries(choices) as [Value, string][]).map(([choice, name]) => (
          <option key={choice} value={choice}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
