import { strokeNumbers, strokeRulesInWords } from '../results/index.ts';
import { OUTLINE_COLORS } from '../session/colors.ts';
import type { VolumeRules } from '../session/decisions.ts';
import type { PerfusionSession } from '../session/perfusion-session.ts';
import { RuleField } from './rule-field.tsx';
import { usePart } from './use-part.ts';

interface Props {
  readonly session: PerfusionSession;
}

/** Core, hypoperfusion and what comes of them, each beside its rule. */
export function StrokeCard({ session }: Props) {
  const stroke = usePart(session, 'stroke');
  const computing = usePart(session, 'computing');
  const shown = usePart(session, 'showsOutlines');
  if (!stroke) {
    return (
      <div className="vw-card" data-testid="perfusion-stroke-empty">
        <p className="vw-muted" role="status">
          {computing === null ? 'No volumes' : 'Computing the first maps …'}
        </p>
      </div>
    );
  }
  const [core, hypoperfusion, ...others] = strokeNumbers(stroke);
  return (
    <div className="vw-card" data-testid="perfusion-stroke" data-computing={computing !== null}>
      <div className="vw-volumes">
        <Volume name="Core" of={core} color={OUTLINE_COLORS.core} testId="perfusion-core" value={stroke.coreMl} />
        <Volume
          name="Hypoperfusion"
          of={hypoperfusion}
          color={OUTLINE_COLORS.hypoperfused}
          testId="perfusion-hypoperfusion"
          value={stroke.hypoperfusedMl}
        />
      </div>
      <dl className="vw-facts">
        {others.map(({ name, text, rule, value }) => (
          <div key={name}>
            <dt>
              {name} <small>{rule}</small>
            </dt>
            <dd data-testid={`perfusion-${name.toLowerCase().replaceAll(' ', '-')}`} data-value={value ?? ''}>
              {text}
            </dd>
          </div>
        ))}
      </dl>
      <RuleFields session={session} />
      <ul className="vw-rules" data-testid="perfusion-rules">
        {strokeRulesInWords(stroke.rules).map(line => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <label className="vw-check">
        <input
          type="checkbox"
          checked={shown}
          data-testid="perfusion-outlines"
          onChange={event => session.showOutlines(event.target.checked)}
        />
        Outlines on source and maps <kbd>O</kbd>
      </label>
    </div>
  );
}

interface VolumeProps {
  readonly name: string;
  readonly of: ReturnType<typeof strokeNumbers>[number] | undefined;
  readonly color: string;
  readonly value: number;
  readonly testId: string;
}

function Volume({ name, of, color, value, testId }: VolumeProps) {
  return (
    <div className="vw-volume" style={{ borderLeftColor: color }}>
      <span className="vw-label">{name}</span>
      <strong data-testid={testId} data-value={value}>
        {of?.text}
      </strong>
      <small>{of?.rule}</small>
    </div>
  );
}

/** The thresholds, which a reader can change. */
function RuleFields({ session }: Props) {
  const { rules } = usePart(session, 'history').present;
  const field = (name: keyof VolumeRules, text: string, unit: string, factor: number) => (
    <RuleField
      text={text}
      unit={unit}
      value={rules[name] * factor}
      least={factor === 1 ? 0.5 : 1}
      most={factor === 1 ? 60 : 99}
      testId={`perfusion-rule-${name}`}
      onChoose={value => session.setRules({ [name]: value / factor })}
    />
  );
  return (
    <div className="vw-form">
      {field('coreFlowPart', 'Core: CBF below', '%', 100)}
      {field('hypoperfusionTmaxS', 'Hypoperfusion: Tmax above', 's', 1)}
      {field('severeTmaxS', 'Severe: Tmax above', 's', 1)}
    </div>
  );
}
