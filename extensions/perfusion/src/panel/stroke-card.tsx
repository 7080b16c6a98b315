import { Choice } from '@voxelwise/host/panel';
import type { ReactNode } from 'react';
import { DEFAULT_STROKE_THRESHOLDS } from '../core/index.ts';
import { methodName, STROKE_COLORS_ON_DARK, strokeNumbers, strokeRulesInWords } from '../results/index.ts';
import { insteadOfMaps } from '../session/instead-of-maps.ts';
import type { PerfusionSession } from '../session/perfusion-session.ts';
import { RuleField } from './rule-field.tsx';
import { usePart } from './use-part.ts';

interface Props {
  readonly session: PerfusionSession;
}

/** Core, hypoperfusion and what comes of them, each beside its rule. */
export function StrokeCard({ session, children }: Props & { readonly children?: ReactNode }) {
  const stroke = usePart(session, 'stroke');
  const computing = usePart(session, 'computing');
  const shown = usePart(session, 'showsOutlines');
  const phase = usePart(session, 'phase');
  const survey = usePart(session, 'survey');
  const history = usePart(session, 'history');
  if (!stroke) {
    return (
      <div className="vw-card" data-testid="perfusion-stroke-empty">
        <p className="vw-muted" role="status">
          {insteadOfMaps({ phase, survey, history, computing }).join(' ')}
        </p>
      </div>
    );
  }
  const [core, hypoperfusion, ...others] = strokeNumbers(stroke);
  return (
    <div className="vw-card" data-testid="perfusion-stroke" data-computing={computing !== null}>
      <div className="vw-volumes">
        <Volume
          name="Core"
          of={core}
          color={STROKE_COLORS_ON_DARK.core}
          testId="perfusion-core"
          value={stroke.coreMl}
        />
        <Volume
          name="Hypoperfusion"
          of={hypoperfusion}
          color={STROKE_COLORS_ON_DARK.hypoperfused}
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
      <p className="vw-muted" data-testid="perfusion-volume-method">
        Measured on maps of {methodName(stroke.rules.method)}, whatever maps are shown.
      </p>
      <details className="vw-rule-details" data-testid="perfusion-rules-section">
        <summary>Thresholds and rules</summary>
        <RuleFields session={session} />
        <ul className="vw-rules" data-testid="perfusion-rules">
          {strokeRulesInWords(stroke.rules).map(line => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
      <label className="vw-check">
        <input
          type="checkbox"
          checked={shown}
          data-testid="perfusion-outlines"
          onChange={event => session.showOutlines(event.target.checked)}
        />
        Outlines on source and maps <kbd>O</kbd>
      </label>
      {children}
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

/** The thresholds, which a reader can change. Severe hypoperfusion is a part of hypoperfusion. */
function RuleFields({ session }: Props) {
  const { rules } = usePart(session, 'history').present;
  return (
    <div className="vw-form">
      <RuleField
        text="Core: CBF below"
        unit="%"
        value={rules.coreFlowPart * 100}
        least={1}
        most={99}
        testId="perfusion-rule-core"
        onChoose={percent => session.setRules({ coreFlowPart: percent / 100 })}
      />
      <Choice
        name="of"
        testId="perfusion-rule-reference"
        value={rules.reference.kind}
        choices={{ mirrored: 'mirrored tissue', hemisphere: 'other hemisphere' }}
        onChoose={kind => session.setRules({ reference: kind === 'mirrored' ? MIRRORED : { kind } })}
      />
      <RuleField
        text="Hypoperfusion: Tmax above"
        unit="s"
        value={rules.hypoperfusionTmaxS}
        least={0.5}
        most={rules.severeTmaxS}
        testId="perfusion-rule-hypoperfusion"
        onChoose={hypoperfusionTmaxS => session.setRules({ hypoperfusionTmaxS })}
      />
      <RuleField
        text="Severe: Tmax above"
        unit="s"
        value={rules.severeTmaxS}
        least={rules.hypoperfusionTmaxS}
        most={60}
        testId="perfusion-rule-severe"
        onChoose={severeTmaxS => session.setRules({ severeTmaxS })}
      />
      <RuleField
        text="Least island"
        unit="mL"
        value={rules.leastMl}
        least={0}
        most={50}
        testId="perfusion-rule-least"
        onChoose={leastMl => session.setRules({ leastMl })}
      />
    </div>
  );
}

const MIRRORED = DEFAULT_STROKE_THRESHOLDS.reference;
