interface ChoiceProps<Value extends string> {
  readonly name: string;
  readonly testId: string;
  readonly value: Value;
  readonly choices: Readonly<Record<Value, string>>;
  readonly onChoose: (value: Value) => void;
}

/** A list of which one is chosen. */
export function Choice<Value extends string>({ name, testId, value, choices, onChoose }: ChoiceProps<Value>) {
  return (
    <label>
      <span>{name}</span>
      <select value={value} data-testid={testId} onChange={event => onChoose(event.target.value as Value)}>
        {(Object.entries(choices) as [Value, string][]).map(([choice, text]) => (
          <option key={choice} value={choice}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
