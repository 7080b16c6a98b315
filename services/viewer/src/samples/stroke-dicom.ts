import type { StrokePhantom } from '@voxelwise/perfusion/phantoms';
import { ctImageBytes, type DicomFile, derivedUids } from './generated-ct.ts';

/** Changes with the phantom or with what is written of it, so that older samples are made again. */
export const strokeVersion = 1;

const uidOf = derivedUids(`voxelwise stroke phantom ${strokeVersion}`);

/** Unique identifiers of the sample study. */
export const strokeUids = {
  studyInstanceUid: uidOf('study'),
  seriesInstanceUid: uidOf('series'),
  frameOfReferenceUid: uidOf('frame of reference'),
};

const LOWEST_SLICE_MM = 40;
/** The first image: 10:40:00. */
const FIRST_IMAGE_S = (10 * 60 + 40) * 60;

/** Patient position (LPS, mm) of the center of the first voxel of the lowest slice. */
export function strokeFirstVoxelMm({ volume }: StrokePhantom): readonly [number, number, number] {
  const center = (axis: 0 | 1) => -((volume.dimensions[axis] - 1) / 2) * volume.spacingMm[axis];
  return [center(0), center(1), LOWEST_SLICE_MM];
}

/**
 * Writes a slice of a time point. As on many scanners, nothing but AcquisitionTime and ContentTime tells the time points apart:
 * no temporal position, one acquisition number. File names are shuffled against both, so that nobody relies on their order.
 * @param slice 0-based, by ascending z
 * @param timePoint 0-based
 */
export function strokeDicomFile(phantom: StrokePhantom, slice: number, timePoint: number): DicomFile {
  const { voxels, dimensions, timePoints, intervalS, spacingMm } = phantom.volume;
  if (!(voxels instanceof Int16Array))
    throw new Error('Images hold whole numbers: make the phantom with wholeNumbers.');
  const [columns, rows, slices] = dimensions;
  const first = (slice * timePoints + timePoint) * columns * rows;
  const [x, y, z] = strokeFirstVoxelMm(phantom);
  const time = dicomTime(FIRST_IMAGE_S + timePoint * intervalS);
  const instance = timePoint * slices + (slices - 1 - slice);
  const files = slices * timePoints;
  return {
    name: `IM-0001-${String(((instance * 101 + 7) % files) + 1).padStart(4, '0')}.dcm`,
    bytes: ctImageBytes({
      hu: voxels.subarray(first, first + columns * rows),
      columns,
      rows,
      spacingMm,
      positionMm: [x, y, z + slice * spacingMm[2]],
      sopInstanceUid: uidOf(`slice ${slice} time point ${timePoint}`),
      implementationClassUid: uidOf('implementation'),
      attributes: {
        ...aboutPatientAndStudy,
        ...aboutAcquisition,
        AcquisitionTime: time,
        ContentTime: time,
        InstanceNumber: instance + 1,
      },
    }),
  };
}

/** HHMMSS.FFFFFF */
function dicomTime(secondsOfDay: number): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const whole = Math.floor(secondsOfDay);
  const fraction = String(Math.round((secondsOfDay - whole) * 1e6)).padStart(6, '0');
  return `${two(Math.floor(whole / 3600))}${two(Math.floor(whole / 60) % 60)}${two(whole % 60)}.${fraction}`;
}

const aboutPatientAndStudy = {
  StudyTime: '103500',
  SeriesTime: '104000',
  AccessionNumber: 'VWPERFUSION1',
  ManufacturerModelName: 'Stroke phantom generator',
  SoftwareVersions: `generator ${strokeVersion}`,
  StudyDescription: 'CT perfusion of the head, stroke (generated phantom)',
  SeriesDescription: 'CT perfusion, 4D (generated phantom)',
  PatientName: 'Phantom^Stroke',
  PatientID: 'VW-STROKE-1',
  PatientSex: 'F',
  PatientAge: '067Y',
  ImageComments: 'Computer-generated phantom with a known infarct core and hypoperfusion. Not a patient.',
  StudyInstanceUID: strokeUids.studyInstanceUid,
  SeriesInstanceUID: strokeUids.seriesInstanceUid,
  FrameOfReferenceUID: strokeUids.frameOfReferenceUid,
};

const aboutAcquisition = {
  BodyPartExamined: 'HEAD',
  ContrastBolusAgent: 'Iodine, simulated',
  ProtocolName: 'CT perfusion, one image per second',
  KVP: 80,
  ReconstructionDiameter: 220,
  ExposureTime: 330,
  XRayTubeCurrent: 200,
  Exposure: 66,
  FilterType: 'HEAD FILTER',
  ConvolutionKernel: 'SMOOTH',
  WindowCenter: 40,
  WindowWidth: 80,
  WindowCenterWidthExplanation: 'Brain',
};
