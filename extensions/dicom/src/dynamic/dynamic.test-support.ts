import type { NaturalDataSet } from '../results/natural.ts';
import { type DynamicFrame, dynamicFramesOf } from './dynamic-frame.ts';
import { DynamicSeriesError } from './dynamic-series-error.ts';
import { type DynamicStack, stackDynamicFrames } from './dynamic-stack.ts';

/** Attributes of the image of slice z at time point t; null leaves it out. */
export type ImageOf = (t: number, z: number) => NaturalDataSet | null;

/** Seconds of a day as TM. */
export function tm(secondsOfDay: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const fraction = (secondsOfDay % 1).toFixed(3).slice(1);
  return `${two((secondsOfDay / 3600) % 24)}${two((secondsOfDay / 60) % 60)}${two(secondsOfDay % 60)}${fraction}`;
}

/** CT image of slice z at time point t: 4 mm apart, 2 s apart from 10:00, told apart by AcquisitionTime alone. */
export function ctImage(t: number, z: number, slices: number): NaturalDataSet {
  return {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: `2.25.${t * slices + z + 1}`,
    Modality: 'CT',
    ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    StudyInstanceUID: '2.25.90',
    SeriesInstanceUID: '2.25.91',
    InstanceNumber: t * slices + z + 1,
    AcquisitionDate: '20250115',
    AcquisitionTime: tm(36_000 + 2 * t),
    SliceThickness: 4,
    ImagePositionPatient: [-100, -110, 50 + 4 * z],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    PixelSpacing: [0.5, 0.4],
    Rows: 64,
    Columns: 48,
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 1,
    RescaleSlope: 1,
    RescaleIntercept: 0,
  };
}

/** What makes an MR image of it, without any time. */
export const AS_MR: NaturalDataSet = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.4',
  Modality: 'MR',
  AcquisitionTime: '100000',
  EchoTime: 30,
  RescaleSlope: undefined,
  RescaleIntercept: undefined,
};

/** Images of a series in a mixed order, each with its changes. */
export function images(timePoints: number, slices: number, changesOf: ImageOf = () => ({})): NaturalDataSet[] {
  const inOrder = Array.from({ length: timePoints * slices }, (_, index) => {
    const [t, z] = [Math.floor(index / slices), index % slices];
    const changes = changesOf(t, z);
    return changes && { ...ctImage(t, z, slices), ...changes };
  });
  return inOrder
    .map((image, index) => ({ image, key: (index * 7919) % 104_729 }))
    .sort((a, b) => a.key - b.key)
    .flatMap(({ image }) => (image ? [image] : []));
}

export const framesOf = (series: readonly NaturalDataSet[]): DynamicFrame[] =>
  series.flatMap(image => dynamicFramesOf(image));

export const stackOf = (series: readonly NaturalDataSet[]): DynamicStack => stackDynamicFrames(framesOf(series));

/** InstanceNumbers of a stack, [t][z]. */
export function numbersOf(stack: DynamicStack, series: readonly NaturalDataSet[]): number[][] {
  return stack.order.map(ofTime => ofTime.map(index => Number(series[index]!.InstanceNumber)));
}

/** InstanceNumbers of a series whose images are in their places. */
export function inPlace(timePoints: number, slices: number): number[][] {
  return Array.from({ length: timePoints }, (_, t) => Array.from({ length: slices }, (_, z) => t * slices + z + 1));
}

/** The sentence with which a series is refused, and its kind. */
export function refusalOf(series: readonly NaturalDataSet[]): [problem: string, message: string] {
  try {
    stackOf(series);
  } catch (error) {
    const problem = error instanceof DynamicSeriesError ? error.problem : (error as Error).name;
    return [problem, (error as Error).message];
  }
  throw new Error('the series was accepted');
}
