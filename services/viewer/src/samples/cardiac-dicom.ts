import { createHash } from 'node:crypto';
import dcmjs from 'dcmjs';
import { type CardiacPhantom, paddingHu, phantomVersion } from './cardiac-phantom.ts';
import { positionMm, reconstructionDiameterMm } from './phantom/grid.ts';

const { DicomDict, DicomMetaDictionary } = dcmjs.data;

const ctImageStorage = '1.2.840.10008.5.1.4.1.1.2';
const explicitVrLittleEndian = '1.2.840.10008.1.2.1';
const rescaleIntercept = -1024;

/** UID under 2.25 from 128 bits of a SHA-256, so that the same generator version always makes the same UIDs. */
function derivedUid(name: string): string {
  const digest = createHash('sha256').update(`voxelwise cardiac phantom ${phantomVersion} ${name}`).digest('hex');
  return `2.25.${BigInt(`0x${digest.slice(0, 32)}`)}`;
}

/** Unique identifiers of the sample study. */
export const cardiacUids = {
  studyInstanceUid: derivedUid('study'),
  seriesInstanceUid: derivedUid('series'),
  frameOfReferenceUid: derivedUid('frame of reference'),
};

/** Patient position (LPS, mm) of the center of the first voxel of the lowest slice. */
export const firstVoxelMm: readonly [number, number, number] = [positionMm(0), positionMm(0), -161.5];

/** One DICOM file of the sample study. */
export interface DicomFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes a slice of the phantom as a CT Image Storage file (Explicit VR Little Endian, signed 16 bit, rescale -1024 + 1 x).
 * File names are shuffled against z, as in an archive, so that nobody relies on their order.
 * @param slice 0-based, by ascending z
 */
export function cardiacDicomFile(phantom: CardiacPhantom, slice: number): DicomFile {
  const [columns, rows, slices] = phantom.dimensions;
  const stored = new Int16Array(columns * rows);
  const offset = slice * stored.length;
  for (let index = 0; index < stored.length; index++) stored[index] = phantom.hu[offset + index]! - rescaleIntercept;
  const sopInstanceUid = derivedUid(`slice ${slice}`);
  const meta = DicomMetaDictionary.denaturalizeDataset({
    FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
    MediaStorageSOPClassUID: ctImageStorage,
    MediaStorageSOPInstanceUID: sopInstanceUid,
    TransferSyntaxUID: explicitVrLittleEndian,
    ImplementationClassUID: derivedUid('implementation'),
    ImplementationVersionName: 'VOXELWISE',
  });
  const file = new DicomDict(meta);
  file.dict = DicomMetaDictionary.denaturalizeDataset({
    ...aboutPatientAndStudy,
    ...aboutAcquisition,
    SOPClassUID: ctImageStorage,
    SOPInstanceUID: sopInstanceUid,
    // scanners number from head to feet
    InstanceNumber: slices - slice,
    ImagePositionPatient: [firstVoxelMm[0], firstVoxelMm[1], firstVoxelMm[2] + slice * phantom.spacingMm[2]],
    SliceLocation: firstVoxelMm[2] + slice * phantom.spacingMm[2],
    SliceThickness: phantom.spacingMm[2],
    SpacingBetweenSlices: phantom.spacingMm[2],
    PixelSpacing: [phantom.spacingMm[1], phantom.spacingMm[0]],
    Rows: rows,
    Columns: columns,
    PixelPaddingValue: paddingHu - rescaleIntercept,
    PixelData: stored.buffer,
    _vrMap: { PixelData: 'OW', PixelPaddingValue: 'SS' },
  });
  const number = ((slice * 29 + 11) % slices) + 1;
  return {
    name: `IM-0001-${String(number).padStart(4, '0')}.dcm`,
    bytes: new Uint8Array(file.write({ allowInvalidVRLength: false })),
  };
}

const aboutPatientAndStudy = {
  SpecificCharacterSet: 'ISO_IR 192',
  // OHIF treats it like any scanner's axial image; that it is generated stands in every description
  ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
  StudyDate: '20250115',
  SeriesDate: '20250115',
  AcquisitionDate: '20250115',
  ContentDate: '20250115',
  StudyTime: '101500',
  SeriesTime: '101730',
  AcquisitionTime: '101745',
  ContentTime: '101745',
  AccessionNumber: 'VWCALCIUM1',
  Modality: 'CT',
  Manufacturer: 'Voxelwise (generated)',
  ManufacturerModelName: 'Cardiac phantom generator',
  SoftwareVersions: `generator ${phantomVersion}`,
  InstitutionName: 'Voxelwise samples',
  ReferringPhysicianName: '',
  StudyDescription: 'Calcium score, gated, non-contrast (generated phantom)',
  SeriesDescription: 'Calcium score, gated, non-contrast (generated phantom)',
  PatientName: 'Phantom^Cardiac',
  PatientID: 'VW-CALCIUM-1',
  PatientBirthDate: '',
  PatientSex: 'M',
  PatientAge: '058Y',
  PatientIdentityRemoved: 'YES',
  DeidentificationMethod: 'Computer-generated phantom, never a patient',
  ImageComments: 'Computer-generated phantom with calcifications of known score. Not a patient.',
  StudyInstanceUID: cardiacUids.studyInstanceUid,
  SeriesInstanceUID: cardiacUids.seriesInstanceUid,
  StudyID: '1',
  SeriesNumber: 2,
};

const aboutAcquisition = {
  BodyPartExamined: 'HEART',
  PatientPosition: 'HFS',
  // no TriggerTime: Cornerstone would take the series for a dynamic one
  ScanOptions: 'CARDIAC GATED',
  ProtocolName: 'Calcium score, prospective ECG trigger, 70 % R-R',
  KVP: 120,
  DataCollectionDiameter: 500,
  ReconstructionDiameter: reconstructionDiameterMm,
  DistanceSourceToDetector: 950,
  DistanceSourceToPatient: 540,
  GantryDetectorTilt: 0,
  TableHeight: 160,
  RotationDirection: 'CW',
  ExposureTime: 250,
  XRayTubeCurrent: 300,
  Exposure: 75,
  FilterType: 'BODY FILTER',
  ConvolutionKernel: 'STANDARD',
  AcquisitionNumber: 1,
  FrameOfReferenceUID: cardiacUids.frameOfReferenceUid,
  PositionReferenceIndicator: '',
  ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  BitsAllocated: 16,
  BitsStored: 16,
  HighBit: 15,
  PixelRepresentation: 1,
  BurnedInAnnotation: 'NO',
  WindowCenter: 50,
  WindowWidth: 350,
  WindowCenterWidthExplanation: 'Soft tissue',
  RescaleIntercept: rescaleIntercept,
  RescaleSlope: 1,
  RescaleType: 'HU',
  LossyImageCompression: '00',
};
