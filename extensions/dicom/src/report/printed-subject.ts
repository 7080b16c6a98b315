import type { Keyword } from '../results/attributes.ts';

/** Whom and which examination a report is about. Texts are as in the DICOM headers, '' where unknown. */
export interface PrintedSubject {
  /** name is a raw DICOM PN; birthDate DA; age AS. */
  readonly patient: {
    readonly name: string;
    readonly id: string;
    readonly birthDate: string;
    readonly sex: string;
    readonly age: string;
  };
  readonly study: {
    readonly description: string;
    readonly date: string;
    readonly time: string;
    readonly accessionNumber: string;
    readonly instanceUid: string;
    readonly institution: string;
  };
}

/** @param attribute an attribute of the images as text; '' where absent */
export function printedSubjectOf(attribute: (keyword: Keyword) => string): PrintedSubject {
  return {
    patient: {
      name: attribute('PatientName'),
      id: attribute('PatientID'),
      birthDate: attribute('PatientBirthDate'),
      sex: attribute('PatientSex'),
      age: attribute('PatientAge'),
    },
    study: {
      description: attribute('StudyDescription'),
      date: attribute('StudyDate'),
      time: attribute('StudyTime'),
      accessionNumber: attribute('AccessionNumber'),
      instanceUid: attribute('StudyInstanceUID'),
      institution: attribute('InstitutionName'),
    },
  };
}
