import type { Instance } from '@voxelwise/host';
import type { AcquisitionFacts } from '../core/index.ts';
import type { CtSeries } from './ct-series.ts';

/** An attribute as text; '' where absent. Multiple values are joined as DICOM writes them. */
export function text(instance: Instance, keyword: string): string {
  const value = instance[keyword];
  if (value === undefined || value === null) return '';
  return Array.isArray(value) ? value.map(String).join('\\') : String(value);
}

/** A person's name as DICOM writes it: "Doe^Jane", or "Yamada^Tarou=山田^太郎" with further alphabets. */
export function personName(instance: Instance, keyword: string): string {
  const value = instance[keyword];
  const first = Array.isArray(value) ? value[0] : value;
  // A name that the archive gave as plain text comes boxed: OHIF's DICOM library hangs a serializer on it.
  const name = first instanceof String ? first.valueOf() : first;
  if (typeof name === 'object' && name !== null) {
    const { Alphabetic = '', Ideographic = '', Phonetic = '' } = name as Record<string, string>;
    return [Alphabetic, Ideographic, Phonetic].join('=').replace(/=+$/, '');
  }
  return name === undefined || name === null ? '' : String(name);
}

/** What bears on the meaning of the score. */
export function acquisitionFacts({ loaded, spacingMm }: CtSeries): AcquisitionFacts {
  const [instance = {}] = loaded.instances;
  const positive = (keyword: string) => {
    const value = Number.parseFloat(text(instance, keyword));
    return Number.isFinite(value) && value > 0 ? value : null;
  };
  return {
    kvp: positive('KVP'),
    incrementMm: spacingMm[2],
    sliceThicknessMm: positive('SliceThickness'),
    sliceCount: loaded.instances.length,
    contrastAgent: text(instance, 'ContrastBolusAgent').trim(),
  };
}
