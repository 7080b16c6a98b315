import { type CardiacPhantom, paddingHu, phantomVersion } from './cardiac-phantom.ts';
import { ctImageBytes, type DicomFile, derivedUids } from './generated-ct.ts';
import { positionMm, reconstructionDiameterMm } from './phantom/grid.ts';

const uidOf = derivedUids(`voxelwise cardiac phantom ${phantomVersion}`);

/** Unique identifiers of the sample study. */
export const cardiacUids = {
  studyInstanceUid: uidOf('study'),
  seriesInstanceUid: uidOf('series'),
  frameOfReferenceUid: uidOf('frame of reference'),
};

/** Patient position (LPS, mm) of the center of the first voxel of the lowest slice. */
export const firstVoxelMm: readonly [number, number, number] = [positionMm(0), positionMm(0), -161.5];

/**
 * Writes a slice of the phantom. File names are shuffled against z, as in an archive, so that nobody relies on their order.
 * @param slice 0-based, by ascending z
 */
export function cardiacDicomFile(phantom: CardiacPhantom, slice: number): DicomFile {
  const [columns, rows, slices] = phantom.dimensions;
  const number = ((slice * 29 + 11) % slices) + 1;
  return {
    name: `IM-0001-${String(number).padStart(4, '0')}.dcm`,
    bytes: ctImageBytes({
      hu: phantom.hu.subarray(slice * columns * rows, (slice + 1) * columns * rows),
      columns,
      rows,
      spacingMm: phantom.spacingMm,
      positionMm: [firstVoxelMm[0], firstVoxelMm[1], firstVoxelMm[2] + slice * phantom.spacingMm[2]],
      sopInstanceUid: uidOf(`slice ${slice}`),
      implementationClassUid: uidOf('implementation'),
      paddingHu,
      // scanners number from head to feet
      attributes: { ...aboutPatientAndStudy, ...aboutAcquisition, InstanceNumber: slices - slice },
    }),
  };
}

const aboutPatientAndStudy = {
  StudyTime: '101500',
  SeriesTime: '101730',
  AcquisitionTime: '101745',
  ContentTime: '101745',
  AccessionNumber: 'VWCALCIUM1',
  ManufacturerModelName: 'Cardiac phantom generator',
  SoftwareVersions: `generator ${phantomVersion}`,
  StudyDescription: 'Calcium score, gated, non-contrast (generated phantom)',
  SeriesDescription: 'Calcium score, gated, non-contrast (generated phantom)',
  PatientName: 'Phantom^Cardiac',
  PatientID: 'VW-CALCIUM-1',
  PatientSex: 'M',
  PatientAge: '058Y',
  ImageComments: 'Computer-generated phantom with calcifications of known score. Not a patient.',
  StudyInstanceUID: cardiacUids.studyInstanceUid,
  SeriesInstanceUID: cardiacUids.seriesInstanceUid,
  FrameOfReferenceUID: cardiacUids.frameOfReferenceUid,
};

const aboutAcquisition = {
  BodyPartExamined: 'HEART',
  // no TriggerTime: Cornerstone would take the series for a dynamic one
  ScanOptions: 'CARDIAC GATED',
  ProtocolName: 'Calcium score, prospective ECG trigger, 70 % R-R',
  KVP: 120,
  ReconstructionDiameter: reconstructionDiameterMm,
  ExposureTime: 250,
  XRayTubeCurrent: 300,
  Exposure: 75,
  FilterType: 'BODY FILTER',
  ConvolutionKernel: 'STANDARD',
  WindowCenter: 50,
  WindowWidth: 350,
  WindowCenterWidthExplanation: 'Soft tissue',
};
