import { useState } from 'react';

interface Props {
  readonly text: string;
  readonly unit: string;
  readonly testId: string;
  /** Null while it is not known. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** A number with its unit. What is typed stays as it is typed; what is no number is not known. */
export function NumberField({ text, unit, testId, value, onChange }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <label>
      <span>
        {text}, {unit}
      </span>
      <input
        type="text"
        inputMode="decimal"
        value={typed ?? value ?? ''}
        data-testid={testId}
        onChange={event => {
          const input = event.target.value;
          setTyped(input);
          onChange(parseNumber(input));
        }}
        onBlur={() => setTyped(null)}
      />
    </label>
  );
}

/** A decimal number with point or comma, null for anything else. */
export function parseNumber(input: string): number | null {
  const text = input.trim().replace(',', '.');
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : null;
}
