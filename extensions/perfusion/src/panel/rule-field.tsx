import { parseNumber } from '@voxelwise/host/panel';
import { useState } from 'react';

interface Props {
  readonly text: string;
  /** '' for pure numbers. */
  readonly unit: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly testId: string;
  readonly onChoose: (value: number) => void;
}

/** A number that is taken over when it is complete: by Enter, or by leaving the field. What is outside the limits is not taken. */
export function RuleField({ text, unit, value, least, most, testId, onChoose }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = String(Number(value.toPrecision(6)));
  const parsed = typed === null ? value : parseNumber(typed);
  const isValid = parsed !== null && parsed >= least && parsed <= most;
  const take = () => {
    if (typed !== null && isValid && parsed !== Number(shown)) onChoose(parsed);
    setTyped(null);
  };
  return (
    <label>
      <span>
        {text}
        {unit && `, ${unit}`}
      </span>
      <input
        type="text"
        inputMode="decimal"
        value={typed ?? shown}
        data-testid={testId}
        aria-invalid={!isValid}
        title={`${least} to ${most} ${unit}`.trim()}
        onChange={event => setTyped(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Enter') take();
          if (event.key === 'Escape') setTyped(null);
        }}
        onBlur={take}
      />
    </label>
  );
}
