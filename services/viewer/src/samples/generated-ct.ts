import { createHash } from 'node:crypto';
import dcmjs from 'dcmjs';

const { DicomDict, DicomMetaDictionary } = dcmjs.data;

const ctImageStorage = '1.2.840.10008.5.1.4.1.1.2';
const explicitVrLittleEndian = '1.2.840.10008.1.2.1';
const rescaleIntercept = -1024;

/** One DICOM file of a sample study. */
export interface DicomFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Makes UIDs under 2.25 from 128 bits of a SHA-256, so that the same generator version always makes the same UIDs. */
export function derivedUids(generator: string): (name: string) => string {
  return name => {
    const digest = createHash('sha256').update(`${generator} ${name}`).digest('hex');
    return `2.25.${BigInt(`0x${digest.slice(0, 32)}`)}`;
  };
}

/** A generated CT image, with what is its own. */
export interface GeneratedCt {
  /** HU, row by row; whole numbers. */
  readonly hu: Int16Array;
  readonly columns: number;
  readonly rows: number;
  readonly spacingMm: readonly [number, number, number];
  /** Patient position (LPS, mm) of the center of the first voxel. */
  readonly positionMm: readonly [number, number, number];
  readonly sopInstanceUid: string;
  readonly implementationClassUid: string;
  /** HU of voxels that were not measured. */
  readonly paddingHu?: number;
  /** By DICOM keyword. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Writes a CT Image Storage file (Explicit VR Little Endian, signed 16 bit, rescale -1024 + 1 x) of an axial slice. */
export function ctImageBytes(image: GeneratedCt): Uint8Array {
  const { hu, spacingMm, positionMm, paddingHu } = image;
  const meta = DicomMetaDictionary.denaturalizeDataset({
    FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
    MediaStorageSOPClassUID: ctImageStorage,
    MediaStorageSOPInstanceUID: image.sopInstanceUid,
    TransferSyntaxUID: explicitVrLittleEndian,
    ImplementationClassUID: image.implementationClassUid,
    ImplementationVersionName: 'VOXELWISE',
  });
  const file = new DicomDict(meta);
  file.dict = DicomMetaDictionary.denaturalizeDataset({
    ...aboutEveryImage,
    ...image.attributes,
    SOPClassUID: ctImageStorage,
    SOPInstanceUID: image.sopInstanceUid,
    ImagePositionPatient: [...positionMm],
    SliceLocation: positionMm[2],
    SliceThickness: spacingMm[2],
    SpacingBetweenSlices: spacingMm[2],
    PixelSpacing: [spacingMm[1], spacingMm[0]],
    Rows: image.rows,
    Columns: image.columns,
    ...(paddingHu !== undefined && { PixelPaddingValue: paddingHu - rescaleIntercept }),
    PixelData: hu.map(value => value - rescaleIntercept).buffer,
    _vrMap: { PixelData: 'OW', PixelPaddingValue: 'SS' },
  });
  return new Uint8Array(file.write({ allowInvalidVRLength: false }));
}

const aboutEveryImage = {
  SpecificCharacterSet: 'ISO_IR 192',
  // OHIF treats it like any scanner's axial image; that it is generated stands in every description
  ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
  StudyDate: '20250115',
  SeriesDate: '20250115',
  AcquisitionDate: '20250115',
  ContentDate: '20250115',
  Modality: 'CT',
  Manufacturer: 'Voxelwise (generated)',
  InstitutionName: 'Voxelwise samples',
  ReferringPhysicianName: '',
  PatientBirthDate: '',
  PatientIdentityRemoved: 'YES',
  DeidentificationMethod: 'Computer-generated phantom, never a patient',
  StudyID: '1',
  SeriesNumber: 2,
  PatientPosition: 'HFS',
  DataCollectionDiameter: 500,
  DistanceSourceToDetector: 950,
  DistanceSourceToPatient: 540,
  GantryDetectorTilt: 0,
  TableHeight: 160,
  RotationDirection: 'CW',
  AcquisitionNumber: 1,
  PositionReferenceIndicator: '',
  ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
  SamplesPerPixel: 1,
  PhotometricInterpretation: 'MONOCHROME2',
  BitsAllocated: 16,
  BitsStored: 16,
  HighBit: 15,
  PixelRepresentation: 1,
  BurnedInAnnotation: 'NO',
  RescaleIntercept: rescaleIntercept,
  RescaleSlope: 1,
  RescaleType: 'HU',
  LossyImageCompression: '00',
};
