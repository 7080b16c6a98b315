import { ageBandOf, type PredictionInput } from './contract.ts';
import { labelOf } from './label-text.ts';

type SubjectKeyword = 'PatientID' | 'IssuerOfPatientID' | 'AccessionNumber' | 'PatientSex';

/**
 * Who a prediction is about, as the data service takes it: identifiers that become pseudonyms, sex and a band of ages.
 * @param attribute an attribute of the images as text; '' where absent
 * @param person sex and age as dicom's imagedPersonOf reads them
 */
export function recordedSubject(
  attribute: (keyword: SubjectKeyword) => string,
  { sex, ageYears }: { readonly sex: 'female' | 'male' | null; readonly ageYears: number | null },
): PredictionInput['subject'] {
  const text = (keyword: SubjectKeyword) => attribute(keyword).trim().slice(0, 64).trim();
  const [patientId, issuerOfPatientId, accessionNumber] = [
    text('PatientID'),
    text('IssuerOfPatientID'),
    text('AccessionNumber'),
  ];
  return {
    ...(patientId && { patientId }),
    ...(issuerOfPatientId && { issuerOfPatientId }),
    ...(accessionNumber && { accessionNumber }),
    ...(sex ? { sex } : text('PatientSex').toUpperCase() === 'O' && { sex: 'other' as const }),
    ...(ageYears !== null && { ageBand: ageBandOf(ageYears) }),
  };
}

/** The scanner by name; nothing where the images do not name it. */
export function recordedScanner(
  attribute: (keyword: 'Manufacturer' | 'ManufacturerModelName') => string,
): Pick<PredictionInput['image'], 'scanner'> {
  const manufacturer = labelOf(attribute('Manufacturer'));
  const model = labelOf(attribute('ManufacturerModelName'));
  if (!manufacturer && !model) return {};
  return { scanner: { ...(manufacturer && { manufacturer }), ...(model && { model }) } };
}
