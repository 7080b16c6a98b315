import { PRODUCER_NAMES } from '@voxelwise/compute';
import { Choice } from '@voxelwise/host/panel';
import { type Convention, describeConvention, describeMass, thresholdReason } from '../core/index.ts';
import type { CalciumSession } from '../session/calcium-session.ts';
import type { CalciumState } from '../session/state.ts';
import { dependsOn } from './depends-on.ts';

/** What the numbers rest on: switches, the convention in words, and what computed them. */
export const ConventionSection = dependsOn(
  function ConventionSection({ state, session }: { state: CalciumState; session: CalciumSession }) {
    const { labeled, scoredWith, report, facts, calibration } = state;
    // Of the result on screen: while a new one is computed, the switches are ahead of it.
    const convention = labeled?.set.convention ?? state.convention;
    return (
      <div className="vw-convention">
        <Switches state={state} session={session} />
        {facts && (
          <p className="vw-muted" data-testid="calcium-threshold-reason">
            {thresholdReason(facts, convention)}
          </p>
        )}
        <ul data-testid="calcium-convention">
          {(labeled ? describeConvention(convention, labeled.set.spacingMm) : []).map(line => (
            <li key={line}>{line}</li>
          ))}
          {describeMass(calibration, convention.thresholdHu).map(line => (
            <li key={line}>{line}</li>
          ))}
          {scoredWith?.region && <li>Only inside the heart region that the reader drew</li>}
        </ul>
        {report && (
          <p className="vw-muted" data-testid="calcium-producer" data-producer={report.producer}>
            Computed by {PRODUCER_NAMES[report.producer]}
            {report.deviceName && ` on ${report.deviceName}`} in {report.milliseconds.toFixed(1)} ms, in this browser
            {report.notes.length > 0 && ` (${report.notes.join('; ')})`}
          </p>
        )}
      </div>
    );
  },
  'convention',
  'labeled',
  'scoredWith',
  'report',
  'facts',
  'calibration',
  'thresholds',
);

/** The convention in a few words, beside the section's title. */
export function conventionSummary({ labeled, convention: ahead }: CalciumState): string {
  const { thresholdHu, connectivity, minimumLesion, equivalent3mm } = labeled?.set.convention ?? ahead;
  const minimum = minimumLesion.rule === 'area' ? `${minimumLesion.areaMm2} mm²` : `${minimumLesion.pixels} px`;
  return `≥ ${thresholdHu} HU · ${connectivity}-conn. · ≥ ${minimum} · ${equivalent3mm ? '3 mm eq.' : 'no eq.'}`;
}

function Switches({ state, session }: { state: CalciumState; session: CalciumSession }) {
  const { convention, thresholds } = state;
  return (
    <div className="vw-switches">
      <Choice
        name="Thresholds"
        testId="calcium-thresholds"
        value={thresholds}
        choices={{ 'standard-130': 'Standard, 130 HU', 'by-kvp': 'By tube voltage' }}
        onChoose={session.chooseThresholds}
      />
      <Choice
        name="Connectivity in a slice"
        testId="calcium-connectivity"
        value={convention.connectivity === 8 ? '8' : '4'}
        choices={{ '8': '8 neighbours', '4': '4 neighbours' }}
        onChoose={value => session.setConvention({ connectivity: value === '8' ? 8 : 4 })}
      />
      <Choice
        name="Minimum lesion"
        testId="calcium-minimum"
        value={convention.minimumLesion.rule}
        choices={{ area: '1 mm²', pixels: '3 pixels' }}
        onChoose={rule => session.setConvention({ minimumLesion: MINIMUM_LESIONS[rule] })}
      />
      <Choice
        name="Equivalent to 3 mm slices"
        testId="calcium-equivalent"
        value={convention.equivalent3mm ? 'on' : 'off'}
        choices={{ on: 'On', off: 'Off' }}
        onChoose={value => session.setConvention({ equivalent3mm: value === 'on' })}
      />
      <Choice
        name="Volume"
        testId="calcium-volume-method"
        value={convention.volumeMethod}
        choices={{ voxels: 'Voxels', isotropic: 'Isotropic' }}
        onChoose={volumeMethod => session.setConvention({ volumeMethod })}
      />
    </div>
  );
}

const MINIMUM_LESIONS: Record<Convention['minimumLesion']['rule'], Convention['minimumLesion']> = {
  area: { rule: 'area', areaMm2: 1 },
  pixels: { rule: 'pixels', pixels: 3 },
};
