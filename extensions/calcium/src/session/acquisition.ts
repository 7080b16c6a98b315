import { ctAcquisitionOf } from '@voxelwise/dicom';
import type { Instance } from '@voxelwise/host';
import { type AcquisitionFacts, acquisitionFacts, type PartialMesaInputs } from '../core/index.ts';
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

/** What the header says of the person, as far as the risk asks for it. */
export function personOf(instance: Instance): Pick<PartialMesaInputs, 'ageYears' | 'sex'> {
  const years = /^(\d{3})Y$/.exec(text(instance, 'PatientAge').trim())?.[1];
  const sex = { F: 'female', M: 'male' }[text(instance, 'PatientSex').trim().toUpperCase()] as
    | 'female'
    | 'male'
    | undefined;
  return {
    ageYears: years ? Number(years) : ageBetween(text(instance, 'PatientBirthDate'), text(instance, 'StudyDate')),
    sex: sex ?? null,
  };
}

/** Whole years from one DICOM date to another, null where one of them is none. */
function ageBetween(birthDate: string, studyDate: string): number | null {
  const [birth, study] = [birthDate, studyDate].map(date => /^(\d{4})(\d{4})/.exec(date.trim()));
  if (!birth || !study) return null;
  const years = Number(study[1]) - Number(birth[1]) - Number(study[2]! < birth[2]!);
  return years >= 0 ? years : null;
}
