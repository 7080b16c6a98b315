import type { CalciumPayload } from '@voxelwise/records';
import { useState } from 'react';
import { formatAgatston } from '../results/format.ts';
import { correctedPayload, type FormRow, formRowsOf } from './corrected-payload.ts';

interface Props {
  readonly payload: CalciumPayload;
  readonly onChange: (payload: CalciumPayload | null) => void;
}

const COLUMNS = [
  { name: 'agatston', heading: 'Agatston' },
  { name: 'lesions', heading: 'Lesions' },
  { name: 'volumeMm3', heading: 'Volume, mm³' },
  { name: 'massMg', heading: 'Mass, mg' },
] as const;

/** The scores of the vessels as numbers to type over; the total follows from them. */
export function CorrectionForm({ payload, onChange }: Props) {
  const [rows, setRows] = useState<readonly FormRow[]>(() => formRowsOf(payload));
  const corrected = correctedPayload(rows, payload);
  const columns = COLUMNS.filter(({ name }) => name !== 'massMg' || payload.massMg !== null);
  const change = (vessel: FormRow['vessel'], name: (typeof COLUMNS)[number]['name'], text: string) => {
    const changed = rows.map(row => (row.vessel === vessel ? { ...row, [name]: text } : row));
    setRows(changed);
    onChange(correctedPayload(changed, payload));
  };
  return (
    <table className="vw-records-table" data-testid="records-calcium-form">
      <thead>
        <tr>
          <th scope="col">Vessel</th>
          {columns.map(({ name, heading }) => (
            <th scope="col" key={name}>
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(row => (
          <tr key={row.vessel}>
            <th scope="row">{row.vessel}</th>
            {columns.map(({ name, heading }) => (
              <td key={name}>
                <input
                  type="number"
                  min={0}
                  step={name === 'lesions' ? 1 : 'any'}
                  value={row[name]}
                  aria-label={`${heading} of ${row.vessel}`}
                  onChange={event => change(row.vessel, name, event.target.value)}
                />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Total</th>
          <td>{corrected ? formatAgatston(corrected.agatston) : '–'}</td>
          <td>{corrected?.lesions ?? '–'}</td>
          <td>{corrected ? corrected.volumeMm3.toFixed(1) : '–'}</td>
          {payload.massMg !== null && <td>{corrected?.massMg?.toFixed(1) ?? '–'}</td>}
        </tr>
      </tfoot>
    </table>
  );
}
