import { PRODUCER_NAMES } from '@voxelwise/compute';
import { Choice } from '@voxelwise/host/panel';
import { ABSOLUTE_CONSTANTS, type DeconvolutionMethod, defaultMethod, RELATIVE_CONSTANTS } from '../core/index.ts';
import { conventionInWords } from '../results/index.ts';
import { METHOD_CHOICES } from '../session/methods.ts';
import type { PerfusionSession } from '../session/perfusion-session.ts';
import { RuleField } from './rule-field.tsx';
import { usePart } from './use-part.ts';

interface Props {
  readonly session: PerfusionSession;
}

const PRESETS: Readonly<Record<string, string>> = {
  absolute: 'Absolute: 0.73, 1.04 g/mL',
  relative: 'Relative: 1, 1',
};
const CONSTANT_CHOICES = { preset: PRESETS, own: { ...PRESETS, own: 'As entered' } };

/** What the maps are computed with: switches, everything in words, and what computed them. */
export function MethodSection({ session }: Props) {
  const { settings } = usePart(session, 'history').present;
  const { method, smoothing, constants } = settings;
  const intervalS = session.currentSeries()?.volume.intervalS ?? 1;
  const isRelative = constants.hematocritFactor === 1 && constants.densityGPerMl === 1;
  const isAbsolute =
    constants.hematocritFactor === ABSOLUTE_CONSTANTS.hematocritFactor &&
    constants.densityGPerMl === ABSOLUTE_CONSTANTS.densityGPerMl;
  return (
    <div className="vw-method">
      <div className="vw-switches vw-form">
        <Choice
          name="Deconvolution"
          testId="perfusion-method"
          value={method.name}
          choices={METHOD_CHOICES}
          onChoose={name => session.setSettings({ method: defaultMethod(name, intervalS) })}
        />
        <MethodParameters session={session} method={method} />
        <RuleField
          text="Smoothing in the slice, SD"
          unit="mm"
          value={smoothing.spatialSigmaMm}
          least={0}
          most={10}
          testId="perfusion-smoothing-mm"
          onChoose={spatialSigmaMm => session.setSettings({ smoothing: { ...smoothing, spatialSigmaMm } })}
        />
        <RuleField
          text="Smoothing over time, SD"
          unit="s"
          value={smoothing.temporalSigmaS}
          least={0}
          most={10}
          testId="perfusion-smoothing-s"
          onChoose={temporalSigmaS => session.setSettings({ smoothing: { ...smoothing, temporalSigmaS } })}
        />
        <Choice<string>
          name="Constants"
          testId="perfusion-constants"
          value={isRelative ? 'relative' : isAbsolute ? 'absolute' : 'own'}
          choices={CONSTANT_CHOICES[isRelative || isAbsolute ? 'preset' : 'own']}
          onChoose={preset => {
            if (preset === 'absolute') session.setSettings({ constants: ABSOLUTE_CONSTANTS });
            if (preset === 'relative') session.setSettings({ constants: RELATIVE_CONSTANTS });
          }}
        />
        <RuleField
          text="Hematocrit factor"
          unit=""
          value={constants.hematocritFactor}
          least={0.1}
          most={2}
          testId="perfusion-hematocrit"
          onChoose={hematocritFactor => session.setSettings({ constants: { ...constants, hematocritFactor } })}
        />
        <RuleField
          text="Tissue density"
          unit="g/mL"
          value={constants.densityGPerMl}
          least={0.1}
          most={2}
          testId="perfusion-density"
          onChoose={densityGPerMl => session.setSettings({ constants: { ...constants, densityGPerMl } })}
        />
      </div>
      <Convention session={session} />
    </div>
  );
}

/** What a method can be tuned by. */
function MethodParameters({ session, method }: Props & { readonly method: DeconvolutionMethod }) {
  const change = (changed: DeconvolutionMethod) => session.setSettings({ method: changed });
  if (method.name === 'lr') {
    return (
      <>
        <RuleField
          text="Iterations at most"
          unit=""
          value={method.maximumIterations}
          least={2}
          most={2000}
          testId="perfusion-iterations"
          onChoose={value => change({ ...method, maximumIterations: Math.round(value) })}
        />
        <RuleField
          text="Stopping, times the noise"
          unit=""
          value={method.noiseFactor}
          least={0.1}
          most={20}
          testId="perfusion-noise-factor"
          onChoose={noiseFactor => change({ ...method, noiseFactor })}
        />
      </>
    );
  }
  if (method.name === 'osvd') {
    return (
      <RuleField
        text="Oscillation target"
        unit=""
        value={method.oscillationTarget}
        least={0.001}
        most={1}
        testId="perfusion-oscillation"
        onChoose={oscillationTarget => change({ ...method, oscillationTarget })}
      />
    );
  }
  return (
    <RuleField
      text={method.name === 'tikhonov' ? 'Lambda' : 'Truncation'}
      unit="part of the largest singular value"
      value={method.truncation}
      least={0.001}
      most={0.99}
      testId="perfusion-truncation"
      onChoose={truncation => change({ ...method, truncation })}
    />
  );
}

function Convention({ session }: Props) {
  const computed = usePart(session, 'computed');
  if (!computed) return null;
  const { settings, report } = computed;
  return (
    <div className="vw-convention">
      <ul data-testid="perfusion-convention">
        {conventionInWords(settings).map(line => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p className="vw-muted" data-testid="perfusion-producer" data-producer={report.producer}>
        Computed by {PRODUCER_NAMES[report.producer]}
        {report.deviceName && ` on ${report.deviceName}`} in {report.milliseconds.toFixed(0)} ms, in this browser
        {report.notes.length > 0 && ` (${report.notes.join('; ')})`}
      </p>
    </div>
  );
}
