import { ctAcquisitionOf } from '@voxelwise/dicom';
import type { Instance } from '@voxelwise/host';
import { type AcquisitionFacts, acquisitionFacts } from '../core/index.ts';
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
export function factsOf({ loaded, spacingMm, padded }: CtSeries): AcquisitionFacts {
  return acquisitionFacts(loaded.instances.map(ctAcquisitionOf), { incrementMm: spacingMm[2], padded });
}
