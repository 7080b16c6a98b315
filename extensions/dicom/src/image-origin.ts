import { type NaturalDataSet, textOf } from './results/natural.ts';

/** What the slices of one volume have in common. Texts, '' where absent. */
export interface ImageOrigin {
  readonly patientId: string;
  readonly patientName: string;
  readonly patientBirthDate: string;
  readonly studyInstanceUid: string;
  readonly frameOfReferenceUid: string;
}

/** The origin of an image from its attributes. */
export function originOf(image: NaturalDataSet): ImageOrigin {
  return {
    patientId: textOf(image, 'PatientID'),
    patientName: textOf(image, 'PatientName'),
    patientBirthDate: textOf(image, 'PatientBirthDate'),
    studyInstanceUid: textOf(image, 'StudyInstanceUID'),
    frameOfReferenceUid: textOf(image, 'FrameOfReferenceUID'),
  };
}

/**
 * In what images differ that are to be slices of one volume. An identifier alone does not tell patients apart: hospitals give the
 * same one, and some write none. Values are not part of the answer, because messages are logged.
 * @returns "patients (PatientName)" and the index of an image that differs from the first one, or null
 */
export function differenceInOrigin(origins: readonly ImageOrigin[]): { what: string; other: number } | null {
  const [first] = origins;
  if (!first) return null;
  const shared: [what: string, read: (origin: ImageOrigin) => string][] = [
    ['patients (PatientID)', ({ patientId }) => patientId.trim()],
    ['patients (PatientName)', ({ patientName }) => plainName(patientName)],
    ['patients (PatientBirthDate)', ({ patientBirthDate }) => patientBirthDate.trim()],
    ['studies (StudyInstanceUID)', ({ studyInstanceUid }) => studyInstanceUid],
    ['frames of reference (FrameOfReferenceUID)', ({ frameOfReferenceUid }) => frameOfReferenceUid],
  ];
  for (const [what, read] of shared) {
    const other = origins.findIndex(origin => read(origin) !== read(first));
    if (other >= 0) return { what, other };
  }
  return null;
}

/** Without the delimiters of components and groups that have nothing behind them: "Doe^Jane" is "Doe^Jane^^". */
function plainName(name: string): string {
  return name
    .split('=')
    .map(group => group.replace(/[\^ ]+$/, '').trim())
    .join('=')
    .replace(/=+$/, '')
    .normalize();
}
