import dcmjs from 'dcmjs';
import { newUid } from './ct-image.ts';

const { DicomDict, DicomMetaDictionary } = dcmjs.data as unknown as {
  DicomDict: new (meta: object) => { dict: object; write(options: object): ArrayBuffer };
  DicomMetaDictionary: { denaturalizeDataset(dataSet: object): object };
};

const CT = '1.2.840.10008.5.1.4.1.1.2';
const ENHANCED_MR = '1.2.840.10008.5.1.4.1.1.4.1';

/** A 4D series: values that tell every voxel and time point apart. */
export interface DynamicImages {
  readonly timePoints: number;
  readonly slices: number;
  /** Rows and columns. */
  readonly size: number;
  readonly studyUid: string;
  readonly seriesUid: string;
}

export function dynamicImages(): DynamicImages {
  return { timePoints: 10, slices: 4, size: 16, studyUid: newUid(), seriesUid: newUid() };
}

/** The stored value of a voxel: HU + 1024 for CT. */
export function storedValue(t: number, z: number, y: number, x: number): number {
  return 1000 + 100 * t + 20 * z + y + (x % 4);
}

/** One CT file per slice and time point; only AcquisitionTime tells time points apart. Instance numbers run against the slices. */
export function ctFiles(images: DynamicImages): Uint8Array[] {
  const { timePoints, slices } = images;
  return Array.from({ length: timePoints * slices }, (_, index) => {
    const [t, z] = [Math.floor(index / slices), index % slices];
    return dicomFile({
      ...common(images),
      SOPClassUID: CT,
      SOPInstanceUID: `${images.seriesUid}.${index + 1}`,
      Modality: 'CT',
      ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
      InstanceNumber: t * slices + (slices - z),
      AcquisitionNumber: 1,
      AcquisitionTime: `1000${String(2 * t).padStart(2, '0')}.500`,
      ImagePositionPatient: [-4, -4, 3 * z],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      PixelSpacing: [0.5, 0.5],
      SliceThickness: 3,
      RescaleSlope: 1,
      RescaleIntercept: -1024,
      PixelData: pixels(images, [[t, z]]),
    });
  });
}

/** All slices and time points as frames of one Enhanced MR image, slice by slice. */
export function enhancedMrFile(images: DynamicImages): Uint8Array {
  const { timePoints, slices } = images;
  const frames = Array.from({ length: timePoints * slices }, (_, index): [number, number] => [
    index % timePoints,
    Math.floor(index / timePoints),
  ]);
  return dicomFile({
    ...common(images),
    SOPClassUID: ENHANCED_MR,
    SOPInstanceUID: `${images.seriesUid}.1`,
    Modality: 'MR',
    ImageType: ['ORIGINAL', 'PRIMARY', 'PERFUSION', 'NONE'],
    InstanceNumber: 1,
    NumberOfFrames: frames.length,
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: [{ PixelSpacing: [0.5, 0.5], SliceThickness: 3 }],
        PlaneOrientationSequence: [{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0] }],
        MREchoSequence: [{ EffectiveEchoTime: 30 }],
        PixelValueTransformationSequence: [{ RescaleIntercept: 0, RescaleSlope: 1, RescaleType: 'US' }],
      },
    ],
    PerFrameFunctionalGroupsSequence: frames.map(([t, z]) => ({
      FrameContentSequence: [
        { FrameAcquisitionDateTime: `202501151000${String(2 * t).padStart(2, '0')}.25`, TemporalPositionIndex: t + 1 },
      ],
      PlanePositionSequence: [{ ImagePositionPatient: [-4, -4, 3 * z] }],
    })),
    PixelData: pixels(images, frames),
  });
}

function common({ size, studyUid, seriesUid }: DynamicImages) {
  return {
    SpecificCharacterSet: 'ISO_IR 192',
    StudyDate: '20250115',
    AcquisitionDate: '20250115',
    StudyDescription: 'Perfusion test',
    SeriesDescription: 'Perfusion',
    SeriesNumber: 5,
    PatientName: 'Dynamic^Series',
    PatientID: 'P-4D',
    StudyInstanceUID: studyUid,
    SeriesInstanceUID: seriesUid,
    FrameOfReferenceUID: `${seriesUid}.0`,
    Rows: size,
    Columns: size,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 16,
    BitsStored: 12,
    HighBit: 11,
    PixelRepresentation: 0,
    _vrMap: { PixelData: 'OW' },
  };
}

function pixels({ size }: DynamicImages, frames: readonly [number, number][]): ArrayBuffer {
  const stored = new Uint16Array(size * size * frames.length);
  frames.forEach(([t, z], frame) => {
    for (let pixel = 0; pixel < size * size; pixel++) {
      stored[frame * size * size + pixel] = storedValue(t, z, Math.floor(pixel / size), pixel % size);
    }
  });
  return stored.buffer;
}

interface DataSetOfFile {
  readonly SOPClassUID: string;
  readonly SOPInstanceUID: string;
  readonly [keyword: string]: unknown;
}

/** A data set as a file: Explicit VR Little Endian. */
export function dicomFile(dataSet: DataSetOfFile): Uint8Array {
  const meta = DicomMetaDictionary.denaturalizeDataset({
    FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
    MediaStorageSOPClassUID: dataSet.SOPClassUID,
    MediaStorageSOPInstanceUID: dataSet.SOPInstanceUID,
    TransferSyntaxUID: '1.2.840.10008.1.2.1',
    ImplementationClassUID: '2.25.1',
  });
  const written = new DicomDict(meta);
  written.dict = DicomMetaDictionary.denaturalizeDataset(dataSet);
  return new Uint8Array(written.write({}));
}
