import { type Host, type SlabBlend, setAxialSlab, setWindow } from '@voxelwise/host';
import { memo, useState } from 'react';
import { AXIAL_VIEWPORT } from '../hanging-protocol.ts';

const WINDOWS = [
  { name: 'Calcium', width: 700, level: 130 },
  { name: 'Mediastinum', width: 400, level: 40 },
  { name: 'Bone', width: 2000, level: 500 },
  { name: 'Lung', width: 1500, level: -600 },
] as const;

/** Thickness of slabs in mm; 0 is single slices. */
const SLABS_MM = [0, 5, 10, 20, 40] as const;
const BLENDS: Readonly<Record<SlabBlend, string>> = { mip: 'maximum', average: 'mean' };

/** Window and slab of the axial view. */
export const ViewSection = memo(function ViewSection({ host }: { host: Host }) {
  const [thicknessMm, setThickness] = useState(0);
  const [blend, setBlend] = useState<SlabBlend>('mip');
  const show = (slab: { thicknessMm: number; blend: SlabBlend }) => {
    setThickness(slab.thicknessMm);
    setBlend(slab.blend);
    setAxialSlab(host, AXIAL_VIEWPORT, slab);
  };
  return (
    <div className="vw-view">
      <fieldset className="vw-windows" aria-label="Window of the axial view">
        {WINDOWS.map(({ name, width, level }) => (
          <button
            key={name}
            type="button"
            className="vw-button"
            title={`Width ${width} HU, level ${level} HU`}
            data-testid={`calcium-window-${name.toLowerCase()}`}
            onClick={() => setWindow(host, { width, level })}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <div className="vw-options">
        <label>
          <span>Slab</span>
          <select
            value={thicknessMm}
            data-testid="calcium-slab"
            onChange={event => show({ thicknessMm: Number(event.target.value), blend })}
          >
            {SLABS_MM.map(mm => (
              <option key={mm} value={mm}>
                {mm === 0 ? 'off' : `${mm} mm`}
              </option>
            ))}
          </select>
        </label>
        {thicknessMm > 0 && (
          <label>
            <span>of the</span>
            <select
              value={blend}
              onChange={event => show({ thicknessMm, blend: event.target.value === 'average' ? 'average' : 'mip' })}
            >
              {(Object.entries(BLENDS) as [SlabBlend, string][]).map(([one, name]) => (
                <option key={one} value={one}>
                  {name}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {thicknessMm > 0 && <p className="vw-muted">A slab is for looking: tint, clicks and tools need single slices.</p>}
    </div>
  );
});
