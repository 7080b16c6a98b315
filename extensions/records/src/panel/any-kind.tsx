import type { Payload } from '../kinds.ts';
import { nameWords } from './record-words.ts';

/** The first numbers of a payload whose extension is not loaded in this mode. */
export function anyHeadline(payload: Payload): string {
  return numbersOf(payload)
    .slice(0, 2)
    .map(([name, value]) => `${nameWords(name)} ${shortNumber(value)}`)
    .join(', ');
}

/** All numbers of a payload, beside those of its correction. */
export function AnyComparison({
  payload,
  correction,
}: {
  readonly payload: Payload;
  readonly correction: Payload | null;
}) {
  const corrected = new Map(correction ? numbersOf(correction) : []);
  return (
    <table className="vw-records-table">
      <tbody>
        {numbersOf(payload).map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{nameWords(name)}</th>
            <td>{shortNumber(value)}</td>
            {correction && <td>{corrected.has(name) ? shortNumber(corrected.get(name) ?? 0) : '–'}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function numbersOf(payload: Payload): [string, number][] {
  return Object.entries(payload).flatMap(([name, value]) => (typeof value === 'number' ? [[name, value]] : []));
}

function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
