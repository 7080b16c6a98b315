import type { Dataset } from './dicom-json.ts';

// The attributes that the archive indexes, by level (PS3.18 tables 10.6.1-5 and 10.6.3-3 to 5, and what OHIF shows).
// A query can match and return these and no others.

export interface IndexedAttribute {
  keyword: string;
  tag: string;
  vr: string;
}
export type Level = 'study' | 'series' | 'instance';

const attribute = (keyword: string, tag: string, vr: string): IndexedAttribute => ({ keyword, tag, vr });

export const INDEXED_ATTRIBUTES: Record<Level, IndexedAttribute[]> = {
  study: [
    attribute('StudyDate', '00080020', 'DA'),
    attribute('StudyTime', '00080030', 'TM'),
    attribute('AccessionNumber', '00080050', 'SH'),
    attribute('InstitutionName', '00080080', 'LO'),
    attribute('ReferringPhysicianName', '00080090', 'PN'),
    attribute('StudyDescription', '00081030', 'LO'),
    attribute('PatientName', '00100010', 'PN'),
    attribute('PatientID', '00100020', 'LO'),
    attribute('IssuerOfPatientID', '00100021', 'LO'),
    attribute('PatientBirthDate', '00100030', 'DA'),
    attribute('PatientSex', '00100040', 'CS'),
    attribute('PatientAge', '00101010', 'AS'),
    attribute('StudyInstanceUID', '0020000D', 'UI'),
    attribute('StudyID', '00200010', 'SH'),
  ],
  series: [
    attribute('SeriesDate', '00080021', 'DA'),
    attribute('SeriesTime', '00080031', 'TM'),
    attribute('Modality', '00080060', 'CS'),
    attribute('Manufacturer', '00080070', 'LO'),
    attribute('SeriesDescription', '0008103E', 'LO'),
    attribute('BodyPartExamined', '00180015', 'CS'),
    attribute('ProtocolName', '00181030', 'LO'),
    attribute('SeriesInstanceUID', '0020000E', 'UI'),
    attribute('SeriesNumber', '00200011', 'IS'),
    attribute('Laterality', '00200060', 'CS'),
    attribute('PerformedProcedureStepStartDate', '00400244', 'DA'),
    attribute('PerformedProcedureStepStartTime', '00400245', 'TM'),
  ],
  instance: [
    attribute('SOPClassUID', '00080016', 'UI'),
    attribute('SOPInstanceUID', '00080018', 'UI'),
    attribute('InstanceCreationDate', '00080012', 'DA'),
    attribute('ContentDate', '00080023', 'DA'),
    attribute('InstanceNumber', '00200013', 'IS'),
    attribute('NumberOfFrames', '00280008', 'IS'),
    attribute('Rows', '00280010', 'US'),
    attribute('Columns', '00280011', 'US'),
    attribute('BitsAllocated', '00280100', 'US'),
  ],
};

/** The part of a data set that the index keeps for one level. */
export function pickIndexed(dataset: Dataset, level: Level): Dataset {
  const picked: Dataset = {};
  for (const { tag, vr } of INDEXED_ATTRIBUTES[level]) picked[tag] = dataset[tag] ?? { vr };
  return picked;
}
