import { describeConvention } from '../core/index.ts';
import { PRODUCER_NAMES } from '../session/producer-notice.ts';
import type { CalciumState } from '../session/state.ts';

/** What the numbers rest on: the convention in words, and what computed them. */
export function ConventionBox({ state }: { state: CalciumState }) {
  const { lesionSet, incrementMm, report } = state;
  // Of the result on screen: while a new one is computed, the slider is ahead of it.
  const convention = lesionSet?.convention ?? state.convention;
  return (
    <div className="vw-convention">
      <span className="vw-label">Convention</span>
      <ul data-testid="calcium-convention">
        {describeConvention(convention, incrementMm).map(line => (
          <li key={line}>{line}</li>
        ))}
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
}
