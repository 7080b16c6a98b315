import type { StrokePhantom } from '@voxelwise/perfusion/phantoms';
import { newUid } from './ct-image.ts';
import { dicomFile } from './dynamic-images.ts';

const ENHANCED_CT = '1.2.840.10008.5.1.4.1.1.2.1';

/**
 * A volume over time as the frames of one Enhanced CT image, slice by slice. Where frames lie, and what their pixels mean, stands in
 * their functional groups alone.
 */
export function enhancedCtFile(
  { voxels, dimensions: [columns, rows, slices], timePoints, intervalS, spacingMm }: StrokePhantom['volume'],
  studyUid: string,
  fieldOfViewMm: number,
): Uint8Array {
  const seriesUid = newUid();
  const corner = -fieldOfViewMm / 2;
  return dicomFile({
    SpecificCharacterSet: 'ISO_IR 192',
    SOPClassUID: ENHANCED_CT,
    SOPInstanceUID: `${seriesUid}.1`,
    StudyInstanceUID: studyUid,
    SeriesInstanceUID: seriesUid,
    FrameOfReferenceUID: `${seriesUid}.0`,
    StudyDate: '20250115',
    AcquisitionDateTime: '20250115100000',
    Modality: 'CT',
    ImageType: ['ORIGINAL', 'PRIMARY', 'PERFUSION', 'NONE'],
    SeriesDescription: 'CT perfusion',
    SeriesNumber: 3,
    InstanceNumber: 1,
    PatientName: 'Enhanced^Series',
    PatientID: 'P-E',
    NumberOfFrames: timePoints * slices,
    Rows: rows,
    Columns: columns,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: [{ PixelSpacing: [spacingMm[1], spacingMm[0]], SliceThickness: spacingMm[2] }],
        PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
        PixelValueTransformationSequence: [{ RescaleIntercept: 0, RescaleSlope: 1, RescaleType: 'HU' }],
      },
    ],
    PerFrameFunctionalGroupsSequence: Array.from({ length: timePoints * slices }, (_, frame) => {
      const [slice, timePoint] = [Math.floor(frame / timePoints), frame % timePoints];
      return {
        FrameContentSequence: [
          { FrameAcquisitionDateTime: dateTimeOf(timePoint * intervalS), TemporalPositionIndex: timePoint + 1 },
        ],
        PlanePositionSequence: [{ ImagePositionPatient: [corner, corner, slice * spacingMm[2]] }],
      };
    }),
    PixelData: Int16Array.from(voxels).buffer,
    _vrMap: { PixelData: 'OW' },
  });
}

/** Seconds after ten o'clock as DT, to the millisecond. */
function dateTimeOf(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `2025011510${two(seconds / 60)}${two(seconds % 60)}.${String(Math.round((seconds % 1) * 1000)).padStart(3, '0')}`;
}
