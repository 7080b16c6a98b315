import { type Fact, joined, type Keyword, short, withUnit } from '@voxelwise/dicom';
import type { PerfusionReport } from './report.ts';

/** Texts of the headers, '' where absent. */
export interface PerfusionAcquisition {
  readonly modality: string;
  readonly seriesDescription: string;
  readonly seriesInstanceUid: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly kvp: string;
  readonly tubeCurrentMa: string;
  readonly fieldStrengthT: string;
  readonly repetitionTimeMs: string;
  readonly sliceThicknessMm: string;
}

export function acquisitionOf(attribute: (keyword: Keyword) => string): PerfusionAcquisition {
  return {
    modality: attribute('Modality'),
    seriesDescription: attribute('SeriesDescription'),
    seriesInstanceUid: attribute('SeriesInstanceUID'),
    manufacturer: attribute('Manufacturer'),
    model: attribute('ManufacturerModelName'),
    kvp: attribute('KVP'),
    tubeCurrentMa: attribute('XRayTubeCurrent'),
    fieldStrengthT: attribute('MagneticFieldStrength'),
    repetitionTimeMs: attribute('RepetitionTime'),
    sliceThicknessMm: attribute('SliceThickness'),
  };
}

/** How the series was acquired. */
export function acquisitionFacts({ acquisition: a, result }: PerfusionReport): Fact[] {
  const [columns, rows, slices] = result.dimensions;
  const [dx, dy, incrementMm] = result.spacingMm;
  const { signal, timePoints, intervalS } = result.settings;
  const thickness = withUnit(a.sliceThicknessMm, 'mm');
  const echoTime = signal.kind === 'susceptibility' ? `TE ${short(signal.echoTimeS * 1000)} ms` : '';
  const repetitionTime = withUnit(a.repetitionTimeMs, 'ms');
  return [
    ['Series', a.seriesDescription],
    ['Scanner', joined(' ', a.manufacturer, a.model)],
    ['Tube', joined(', ', withUnit(a.kvp, 'kV'), withUnit(a.tubeCurrentMa, 'mA'))],
    ['Field', joined(', ', withUnit(a.fieldStrengthT, 'T'), repetitionTime && `TR ${repetitionTime}`, echoTime)],
    ['Times', `${timePoints}, every ${short(intervalS)} s`],
    ['Slices', `${slices}, every ${short(incrementMm)} mm${thickness && `, ${thickness} thick`}`],
    ['Pixels', `${columns} × ${rows} of ${short(dx)} × ${short(dy)} mm`],
  ];
}
