import { joinedTextOf, type NaturalDataSet } from './results/natural.ts';

/** Sex and age of a person on the day of the study; null is not known. */
export interface ImagedPerson {
  readonly sex: 'female' | 'male' | null;
  /** Whole years. */
  readonly ageYears: number | null;
}

/** What the header of an image says of the person. The age is the one that it states, else that from the date of birth. */
export function imagedPersonOf(image: NaturalDataSet): ImagedPerson {
  const text = (keyword: Parameters<typeof joinedTextOf>[1]) => joinedTextOf(image, keyword).trim();
  const years = /^(\d{3})Y$/.exec(text('PatientAge'))?.[1];
  const sexes: Readonly<Record<string, ImagedPerson['sex']>> = { F: 'female', M: 'male' };
  return {
    sex: sexes[text('PatientSex').toUpperCase()] ?? null,
    ageYears: years ? Number(years) : yearsBetween(text('PatientBirthDate'), text('StudyDate')),
  };
}

/** Whole years from one DICOM date to another, null where one of them is none. */
function yearsBetween(birthDate: string, studyDate: string): number | null {
  const [birth, study] = [birthDate, studyDate].map(date => /^(\d{4})(\d{4})/.exec(date));
  if (!birth || !study) return null;
  const years = Number(study[1]) - Number(birth[1]) - Number(study[2]! < birth[2]!);
  return years >= 0 ? years : null;
}
