import type { PerfusionPayload } from '@voxelwise/records';
import { useState } from 'react';
import { correctedVolumes, shownVolume, type TypedVolumes } from './corrected-payload.ts';

interface Props {
  readonly payload: PerfusionPayload;
  readonly onChange: (payload: PerfusionPayload | null) => void;
}

const FIELDS = { core: 'Core, mL', hypoperfused: 'Hypoperfusion, mL' } as const;

/** The volumes as numbers to type over; empty for one that was not measured. */
export function CorrectionForm({ payload, onChange }: Props) {
  const [typed, setTyped] = useState<TypedVolumes>(() => ({
    core: shownVolume(payload.coreVolumeMl),
    hypoperfused: shownVolume(payload.hypoperfusedVolumeMl),
  }));
  const change = (part: Partial<TypedVolumes>) => {
    const changed = { ...typed, ...part };
    setTyped(changed);
    onChange(correctedVolumes(changed, payload));
  };
  return (
    <div data-testid="records-perfusion-form">
      {(['core', 'hypoperfused'] as const).map(name => (
        <label key={name}>
          <span>{FIELDS[name]}</span>
          <input
            type="number"
            min={0}
            step="any"
            value={typed[name]}
            aria-label={FIELDS[name]}
            onChange={event => change({ [name]: event.target.value })}
          />
        </label>
      ))}
    </div>
  );
}
