import { allWarnings, type CalciumState } from '../session/state.ts';
import { dependsOn } from './depends-on.ts';

/** Sentences that belong beside the numbers, close to the result. */
export const Warnings = dependsOn(
  function Warnings({ state }: { state: CalciumState }) {
    const warnings = allWarnings(state);
    if (warnings.length === 0) return null;
    return (
      <ul className="vw-warnings" data-testid="calcium-warnings">
        {warnings.map(warning => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    );
  },
  'warnings',
  'labeled',
  'person',
  'imagedPerson',
);
