import type { NaturalDataSet } from '../results/natural.ts';
import { AS_MR, ctImage, type ImageOf, images, refusalOf, tm } from './dynamic.test-support.ts';

// The same sentences over files, in the command line and the viewer: services/cli/src/inputs/dynamic-inputs.test.ts.

const only =
  (t: number, z: number, changes: NaturalDataSet | null): ImageOf =>
  (ofT, ofZ) =>
    ofT === t && ofZ === z ? changes : {};
const mr =
  (changes: ImageOf): ImageOf =>
  (t, z) => {
    const change = changes(t, z);
    return change && { ...AS_MR, TriggerTime: 2000 * t, ...change };
  };
const copyOf = (t: number, z: number): NaturalDataSet => ctImage(t, z, 4);

test.each<[what: string, series: NaturalDataSet[], problem: string, message: RegExp]>([
  ['nothing', [], 'no-images', /^The series has no images/],
  [
    'structured reports alone',
    [{ SOPClassUID: '1.2.840.10008.5.1.4.1.1.88.67', Modality: 'SR', InstanceNumber: 1 }],
    'no-images',
    /^image 1 is not an image of CT or MR \(modality SR/,
  ],
  ['one volume', images(1, 20), 'too-few-time-points', /one image at each of its 20 places, so it has 1 time point/],
  ['4 time points', images(4, 5), 'too-few-time-points', /^The series has 4 time points, and at least 10/],
  [
    'a missing image',
    images(12, 4, only(5, 2, null)),
    'missing-images',
    /^Time point 6 of 12 \(by AcquisitionTime\) has no image of slice 3 of 4 \(at 58 mm along the slice normal\); get/,
  ],
  [
    'missing images of several time points',
    images(12, 4, (t, z) => ((t === 3 && z === 1) || (t === 7 && z > 1) ? null : {})),
    'missing-images',
    /^Time point 4 of 12 .* slice 2 of 4 .*, and 2 more images are missing;/,
  ],
  [
    'an image of another size',
    images(12, 4, only(5, 2, { Rows: 32 })),
    'missing-images',
    /^Time point 6 of 12 .* slice 3 of 4 .*, and 1 image of the series, image 23, is left out: it differs from the 4D part in size/,
  ],
  [
    'an image without a position',
    images(12, 4, only(5, 2, { ImagePositionPatient: undefined })),
    'missing-images',
    /^Time point 6 of 12 .* slice 3 of 4 .*, and 1 image of the series, image 23, is left out: it differs/,
  ],
  [
    'no positions',
    images(12, 4, () => ({ ImagePositionPatient: undefined })),
    'SliceStackError',
    /^ImagePositionPatient is missing in image \d+, and without it/,
  ],
  [
    'orientations that are none',
    images(12, 4, () => ({ ImageOrientationPatient: [1, 0, 0, 1, 0, 0] })),
    'SliceStackError',
    /^ImageOrientationPatient \(1\\0\\0\\1\\0\\0\) is not usable/,
  ],
  [
    'no pixel spacing',
    images(12, 4, () => ({ PixelSpacing: null })),
    'SliceStackError',
    /^PixelSpacing is missing in image/,
  ],
  [
    'a missing image of slices that are acquired one after the other',
    images(
      12,
      4,
      mr((t, z) => (t === 8 && z === 0 ? null : { TriggerTime: 2000 * t + 500 * z })),
    ),
    'missing-images',
    /^Time point 9 of 12 \(by TriggerTime\) has no image of slice 1 of 4/,
  ],
  [
    'a missing image by its position in time',
    images(12, 4, (t, z) => (t === 0 && z === 0 ? null : { TemporalPositionIdentifier: t + 1 })),
    'missing-images',
    /^Time point 1 of 12 \(by TemporalPositionIdentifier\) has no image of slice 1 of 4/,
  ],
  [
    'a last time point of which half is there',
    images(12, 8, (t, z) => (t === 11 && z > 2 ? null : {})),
    'different-slices',
    /^The time points have different numbers of slices \(by AcquisitionTime\), 8 in time point 1 and 3 in time point 12 of 12/,
  ],
  [
    'a copied image',
    [...images(12, 4), copyOf(3, 2)],
    'duplicate-position',
    /has two images at one place, image 15 and image 15 with the same AcquisitionTime, which are copies .*2\.25\.15\)/,
  ],
  [
    'two reconstructions',
    [...images(10, 4), ...images(10, 4, () => ({ SOPInstanceUID: '2.25.777', InstanceNumber: 99 }))],
    'duplicate-position',
    /two images at one place, .* and 39 more images like this, as with two reconstructions/,
  ],
  [
    'nothing that tells time points apart',
    images(12, 4, () => ({ AcquisitionTime: '100000' })),
    'not-dynamic',
    /^The series has 48 images at 4 places, and nothing tells its time points apart \(TemporalPositionIndex, .*AcquisitionNumber are missing or the same\)/,
  ],
  [
    'positions in time without times',
    images(12, 4, t => ({ ...AS_MR, TemporalPositionIdentifier: t + 1 })),
    'time-unknown',
    /no times that change .* sampling interval is unknown/,
  ],
  [
    'times that run against the positions in time',
    images(12, 4, t => ({ TemporalPositionIdentifier: t + 1, AcquisitionTime: tm(36_000 + (t === 6 ? 5 : 2 * t)) })),
    'time-not-increasing',
    /^The times of the series do not increase \(AcquisitionTime\): time point 7 \(image \d+\) is at 5 s, time point 6 at 10 s/,
  ],
  [
    'times of one slice that fall',
    images(12, 4, (t, z) => ({
      ...AS_MR,
      TemporalPositionIdentifier: t + 1,
      TriggerTime: t === 6 && z === 2 ? 9000 : 2000 * t,
    })),
    'time-not-increasing',
    /\(TriggerTime\): time point 7 \(image 27\) is at 9 s, time point 6 at 10 s/,
  ],
  [
    'a clock that was put forward during the scan',
    images(12, 4, t => ({ AcquisitionTime: tm(36_000 + 2 * t + (t < 7 ? 0 : 3600)) })),
    'sampling',
    /^Between time points 7 and 8 lie 3602 s \(AcquisitionTime\), as between two scans or when a clock is changed;/,
  ],
  [
    'a clock that was put back',
    images(12, 4, t => ({ AcquisitionTime: tm(36_000 + 2 * t - (t < 7 ? 0 : 3600)) })),
    'sampling',
    /^Between time points 5 and 6 lie 3578 s/,
  ],
  [
    'phases a minute apart',
    images(12, 4, t => ({ AcquisitionTime: tm(36_000 + 60 * t) })),
    'sampling',
    /^The time points are 60 s apart \(AcquisitionTime\), too far to follow a bolus/,
  ],
  [
    'a table that toggles between two positions',
    images(12, 6, (t, z) => ({ AcquisitionTime: tm(36_000 + 3 * t + (z < 3 ? 0 : 1.5)) })),
    'two-time-bases',
    /in turn at 2 table positions .*, slices 1 to 3 and slices 4 to 6 1\.5 s later, so the series has 2 time bases/,
  ],
  [
    'the same, of which one position was scanned once less',
    images(12, 6, (t, z) => (t === 11 && z > 2 ? null : { AcquisitionTime: tm(36_000 + 3 * t + (z < 3 ? 0 : 1.5)) })),
    'two-time-bases',
    /2 table positions/,
  ],
  [
    'the same, numbered by TemporalPositionIdentifier',
    images(12, 6, (t, z) => ({
      TemporalPositionIdentifier: t,
      AcquisitionTime: tm(36_000 + 3 * t + (z < 3 ? 1.5 : 0)),
    })),
    'two-time-bases',
    /slices 4 to 6 1\.5 s earlier/,
  ],
  [
    'slices of which each was scanned for itself',
    images(10, 3, (t, z) => ({ AcquisitionTime: tm(36_000 + 2 * t + 30 * z) })),
    'two-time-bases',
    /(table positions|acquired up to 60 s apart \(AcquisitionTime\), longer than)/,
  ],
  [
    'a time point that lies elsewhere',
    images(12, 4, (t, z) => (t === 4 ? { ImagePositionPatient: [-100, -110, 52.5 + 4 * z] } : {})),
    'moved-time-point',
    /^Time point 5 of 12 \(image \d+ and others\) lies 2\.5 mm beside the other time points/,
  ],
  [
    'a slice that lies beside itself',
    images(12, 4, only(4, 1, { ImagePositionPatient: [-99, -110, 54] })),
    'moved-time-point',
    /^image 18 lies 1 mm beside the same slice of the first time point, image 2/,
  ],
  [
    'a slice that is missing at all times',
    images(12, 5, (_, z) => (z === 2 ? null : {})),
    'SliceStackError',
    /One slice is missing between image 2 .* and image 4 .*: the gap is 8 mm/,
  ],
  [
    'a tilted gantry',
    images(12, 4, (_, z) => ({
      ImageOrientationPatient: [1, 0, 0, 0, Math.cos(0.3), -Math.sin(0.3)],
      ImagePositionPatient: [-100, -110, 50 + 4 * z],
    })),
    'SliceStackError',
    /^The slices are sheared, 17\.19 degrees off their normal .* as with a tilted gantry/,
  ],
  [
    'two patients',
    images(12, 4, only(3, 1, { PatientName: 'Roe^Richard' })),
    'CtImageError',
    /are of two patients \(PatientName\)/,
  ],
  ['CT without HU', images(12, 4, () => ({ RescaleType: 'US' })), 'CtImageError', /has RescaleType US/],
  ['CT without a slope', images(12, 4, () => ({ RescaleSlope: undefined })), 'CtImageError', /RescaleSlope is missing/],
  ['lossy images', images(12, 4, only(2, 2, { LossyImageCompression: '01' })), 'CtImageError', /is lossy compressed/],
  [
    'maps of a perfusion program',
    images(12, 4, () => ({ ImageType: ['DERIVED', 'SECONDARY', 'AXIAL', 'CBF'] })),
    'not-a-source-image',
    /is a perfusion map \(ImageType DERIVED\\SECONDARY\\AXIAL\\CBF\), as are all images/,
  ],
  [
    'MR without an echo time',
    images(12, 4, mr(only(1, 1, { EchoTime: undefined }))),
    'echo-time',
    /^EchoTime is missing in/,
  ],
  [
    'MR with an echo time of 0',
    images(
      12,
      4,
      mr(() => ({ EchoTime: '0' })),
    ),
    'echo-time',
    /is not usable \(0\)/,
  ],
  [
    'MR with two echoes',
    images(
      12,
      4,
      mr((t, z) => ({ EchoTime: z % 2 ? 12 : 35, TriggerTime: 2000 * t })),
    ),
    'echo-time',
    /^The images have 2 echo times, 12 and 35 ms/,
  ],
  [
    'MR with diffusion weighting',
    images(
      12,
      4,
      mr(t => ({ DiffusionBValue: t === 0 ? 0 : 1000 })),
    ),
    'not-a-source-image',
    /is diffusion weighted \(DiffusionBValue 1000 s\/mm2\)/,
  ],
  [
    'an MR mosaic',
    images(
      12,
      1,
      mr(() => ({ ImageType: 'ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC' })),
    ),
    'CtImageError',
    /mosaic/,
  ],
  [
    'colors',
    images(12, 4, () => ({ SamplesPerPixel: 3, PhotometricInterpretation: 'RGB' })),
    'CtImageError',
    /not a grayscale/,
  ],
])('%s: refused', (_, series, problem, message) => {
  const [kind, sentence] = refusalOf(series);
  expect(sentence).toMatch(message);
  expect(kind).toBe(problem);
  expect(sentence).toMatch(/^[^\n]+\.$/);
});
