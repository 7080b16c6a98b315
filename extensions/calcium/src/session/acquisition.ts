import type { Instance } from '@voxelwise/host';
import { type AcquisitionFacts, gatingAttributes, gatingOf, type PartialMesaInputs } from '../core/index.ts';
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

/** What bears on the meaning of the score: from all slices, because a series can hold slices that were made differently. */
export function acquisitionFacts({ loaded, spacingMm, padded }: CtSeries): AcquisitionFacts {
  const { instances } = loaded;
  const numbersOf = (keyword: string) =>
    distinct(instances.map(instance => positive(instance, keyword)).filter(value => value !== null));
  const textsOf = (keyword: string) => distinct(instances.map(instance => text(instance, keyword).trim()));
  const kvps = numbersOf('KVP');
  const thicknessesMm = numbersOf('SliceThickness');
  const gatings = instances.map(instance => gatingOf(gatingAttributes(keyword => text(instance, keyword))));
  return {
    kvp: kvps[0] ?? null,
    kvps,
    kernels: textsOf('ConvolutionKernel'),
    filterMaterials: textsOf('FilterMaterial'),
    incrementMm: spacingMm[2],
    sliceThicknessMm: thicknessesMm.length > 0 ? Math.min(...thicknessesMm) : null,
    sliceCount: instances.length,
    contrastAgent: distinct(instances.map(contrastAgentOf))
      .filter(agent => agent !== '')
      .join(', '),
    imageTypes: textsOf('ImageType'),
    padded,
    gating: gatings.includes('') ? '' : (gatings[0] ?? ''),
  };
}

/** Contrast/Bolus Agent, which some scanners only name by a code. */
function contrastAgentOf(instance: Instance): string {
  const { ContrastBolusAgentSequence: codes } = instance;
  return (
    text(instance, 'ContrastBolusAgent').trim() || (Array.isArray(codes) && codes.length > 0 ? 'named by code' : '')
  );
}

function distinct<Value>(values: readonly Value[]): Value[] {
  return [...new Set(values)];
}

/** A positive number, null where the attribute is absent or says something else. */
function positive(instance: Instance, keyword: string): number | null {
  const value = Number.parseFloat(text(instance, keyword));
  return Number.isFinite(value) && value > 0 ? value : null;
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
