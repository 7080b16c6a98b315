import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Changes, temporaryFolders } from '../testing/ct-series.test-support.ts';
import { refusalOf } from '../testing/run.test-support.ts';
import { everywhere, file, type Input, inOne, seriesOf, withSeries } from './inputs.test-support.ts';
import { refusalInViewer } from './viewer-headers.test-support.ts';

// What headers alone refuse: the program and the viewer say the same sentence, in which they name an image in their own way.

jest.setTimeout(60_000);
const newFolder = temporaryFolders();

const position = (text: string): Changes => ({ '00200032': ['DS', text] });
const z = (slice: number, mm: number): Changes => position(`-120\\-130.5\\${-100 + slice * 3 + mm}`);
/** One item with a LUT Descriptor. */
const MODALITY_LUT = Buffer.from('feff00e00e0000002800023055530600001000001000', 'hex');
const SEGMENTATION_CLASS = '1.2.840.10008.5.1.4.1.1.66.4';

const VALUES: [string, Input, RegExp][] = [
  ['a slope of 0', everywhere({ '00281053': ['DS', '0'] }), /RescaleSlope is not usable \(0\)/],
  ['a slope that is NaN', everywhere({ '00281053': ['DS', 'NaN'] }), /RescaleSlope is not usable \(NaN\)/],
  ['a slope of two values', everywhere({ '00281053': ['DS', '1\\2'] }), /RescaleSlope is not usable \(1\\2\)/],
  ['a slope with a comma', inOne({ '00281053': ['DS', '1,0'] }), /RescaleSlope is not usable \(1,0\) in image-004/],
  ['a slope that no CT has', everywhere({ '00281053': ['DS', '1e+300'] }), /RescaleSlope is not usable \(1e\+300\)/],
  [
    'a slope that makes all values one',
    everywhere({ '00281053': ['DS', '1e-9'] }),
    /RescaleSlope is not usable \(1e-9\)/,
  ],
  ['no slope', everywhere({ '00281053': null }), /RescaleSlope is missing/],
  ['no intercept', everywhere({ '00281052': null }), /RescaleIntercept is missing/],
  ['an infinite intercept', everywhere({ '00281052': ['DS', 'inf'] }), /RescaleIntercept is not usable \(inf\)/],
  [
    'an intercept beyond doubles',
    inOne({ '00281052': ['DS', '1e999'] }),
    /RescaleIntercept is not usable \(1e999\) in image-004/,
  ],
  [
    'an intercept that no CT has',
    everywhere({ '00281052': ['DS', '-9000000000'] }),
    /RescaleIntercept is not usable \(-9000000000\)/,
  ],
  ['another unit', everywhere({ '00281054': ['LO', 'US'] }), /RescaleType US/],
  ['a modality table', everywhere({ '00283000': ['SQ', MODALITY_LUT] }), /Modality LUT Sequence/],
  [
    'padding over all values of calcium',
    everywhere({ '00280120': ['SS', -2000], '00280121': ['SS', 3000] }),
    /image-000, instance 1 declares all values from -2000 to 3000 HU as padding .*calcium has such values/,
  ],
  ['32 bits', everywhere({ '00280100': ['US', 32] }), /BitsAllocated 32/],
  ['12 bits packed', everywhere({ '00280100': ['US', 12] }), /BitsAllocated 12/],
  ['no stored bits', everywhere({ '00280101': ['US', 0] }), /BitsStored 0/],
  ['more stored than allocated bits', everywhere({ '00280101': ['US', 17] }), /BitsStored 17/],
  ['a high bit below the stored bits', everywhere({ '00280102': ['US', 11] }), /HighBit 11/],
  ['neither signed nor unsigned', everywhere({ '00280103': ['US', 2] }), /PixelRepresentation 2/],
  ['no rows', everywhere({ '00280010': ['US', 0] }), /Rows and Columns \(0\\8\) is not usable/],
];

const PLACES: [string, Input, RegExp][] = [
  [
    'a single slice',
    seriesOf({ fileOf: slice => (slice === 0 ? 'only' : null) }),
    /only one slice .*distance between slices/,
  ],
  [
    'one missing slice',
    seriesOf({ fileOf: slice => (slice === 2 ? null : `s${slice}`) }),
    /One slice is missing between s1, instance 2 \(z -97 mm\) and s3, instance 4 \(z -91 mm\): the gap is 6 mm where 3 mm/,
  ],
  [
    'two missing slices',
    seriesOf({ fileOf: slice => (slice === 2 || slice === 3 ? null : `s${slice}`) }),
    /2 slices are missing .*9 mm/,
  ],
  [
    'a slice out of its place',
    seriesOf({ changesOf: slice => z(slice, slice === 3 ? 0.2 : 0) }),
    /not evenly spaced: .*3\.2 mm between image-002.*1 more such gap/,
  ],
  [
    'two acquisitions at each position',
    seriesOf({ changesOf: slice => ({ ...z(slice - (slice % 2), 0), '00200012': ['IS', String(1 + (slice % 2))] }) }),
    /3 \w+ have more than one .*image-000.*image-001.*two acquisitions or phases/,
  ],
  [
    'two acquisitions between each other',
    seriesOf({ changesOf: slice => ({ '00200012': ['IS', String(1 + (slice % 2))] }) }),
    /acquisitions alternate along z, as image-000.* and image-001.* with AcquisitionNumber 1 and 2/,
  ],
  [
    'two acquisitions between each other, by their times',
    seriesOf({ changesOf: slice => ({ '00080032': ['TM', `10${slice % 2}00${slice}.25`] }) }),
    /acquisitions alternate along z, .* with AcquisitionTime 100000\.25 and 101001\.25/,
  ],
  [
    'two images at one position',
    seriesOf({ changesOf: slice => (slice === 3 ? z(2, 0) : {}) }),
    /One \w+ has more than one .*image-002.*image-003/,
  ],
  [
    'the same image twice',
    withSeries(folder => file('copy/x', readFileSync(join(folder, 'image-001')))(folder)),
    /copies of the same image .*2\.25\.100\.2\)/,
  ],
  ['a tilted gantry', everywhere({ '00181120': ['DS', '12.5'] }), /gantry was tilted .*12\.5 degrees .*image-000/],
  ['a tilt that is no number', everywhere({ '00181120': ['DS', 'FFS'] }), /GantryDetectorTilt \(NaN\) is not usable/],
  [
    'positions off the normal',
    seriesOf({ changesOf: slice => position(`-120\\${-130 + slice}\\${slice * 3}`) }),
    /sheared, 18\.43 degrees/,
  ],
  [
    'one slice beside the others',
    seriesOf({ changesOf: slice => (slice === 3 ? position('-118\\-130.5\\-91') : {}) }),
    /image-003.* 2 mm beside/,
  ],
  [
    'oblique slices',
    everywhere({ '00200037': ['DS', '1\\0\\0\\0\\0.98480775\\0.17364818'] }),
    /10\.00 degrees off axial/,
  ],
  ['sagittal slices', everywhere({ '00200037': ['DS', '0\\1\\0\\0\\0\\-1'] }), /90\.00 degrees/],
  [
    'another orientation in one slice',
    inOne({ '00200037': ['DS', '0\\1\\0\\-1\\0\\0'] }),
    /differ in ImageOrientationPatient.*image-004/,
  ],
  [
    'cosines that are none',
    everywhere({ '00200037': ['DS', '1\\0\\0\\1\\0\\0'] }),
    /ImageOrientationPatient \(1\\0\\0\\1\\0\\0\) is not usable/,
  ],
  ['no orientation', inOne({ '00200037': null }), /ImageOrientationPatient is missing in image-004/],
  ['no position', inOne({ '00200032': null }), /ImagePositionPatient is missing in image-004/],
  ['a position in a plane', inOne(position('-120\\-130.5')), /ImagePositionPatient \(-120\\-130\.5\) is not usable/],
  [
    'a position that is NaN',
    inOne(position('-120\\-130.5\\nan')),
    /ImagePositionPatient \(NaN\) is not usable in image-004/,
  ],
  [
    'a position beyond doubles',
    inOne(position('0\\0\\1e400')),
    /ImagePositionPatient \(NaN\) is not usable in image-004/,
  ],
  [
    'another size in one slice',
    inOne({ '00280010': ['US', 4], '00280011': ['US', 16] }),
    /differ in Rows x Columns, 8 x 8 in image-000.* 4 x 16 in image-004/,
  ],
  ['another pixel spacing in one slice', inOne({ '00280030': ['DS', '0.5\\0.6'] }), /differ in PixelSpacing/],
  ['no pixel spacing', everywhere({ '00280030': null }), /PixelSpacing is missing in image-000/],
  ['an empty pixel spacing', everywhere({ '00280030': ['DS', ''] }), /PixelSpacing is missing/],
  ['a pixel spacing of one value', everywhere({ '00280030': ['DS', '0.5'] }), /PixelSpacing \(0\.5\) is not usable/],
  [
    'a pixel spacing with a comma',
    everywhere({ '00280030': ['DS', '0,5\\0,5'] }),
    /PixelSpacing \(NaN\) is not usable/,
  ],
  ['a pixel spacing of 0', everywhere({ '00280030': ['DS', '0\\0'] }), /PixelSpacing \(0\\0\) is not usable/],
  [
    'a negative pixel spacing',
    everywhere({ '00280030': ['DS', '-0.5\\0.5'] }),
    /PixelSpacing \(-0\.5\\0\.5\) is not usable/,
  ],
  [
    'slices of two patients',
    inOne({ '00100020': ['LO', 'P-2'] }),
    /image-000, instance 1 and image-004, instance 5 are of two patients \(PatientID\)/,
  ],
  [
    'slices of two patients with one identifier',
    inOne({ '00100010': ['PN', 'Roe^Richard'] }),
    /image-000, instance 1 and image-004, instance 5 are of two patients \(PatientName\)/,
  ],
  [
    'slices of two patients with one name',
    inOne({ '00100030': ['DA', '19991231'] }),
    /image-000, instance 1 and image-004, instance 5 are of two patients \(PatientBirthDate\)/,
  ],
  [
    'one SOP Instance UID on all slices',
    everywhere({ '00080018': ['UI', '2.25.7'] }),
    /image-000, instance 1 .* and image-001, instance 2 .* have the same SOP Instance UID 2\.25\.7/,
  ],
  [
    'slices of two studies',
    inOne({ '0020000d': ['UI', '2.25.9'] }),
    /image-000, instance 1 and image-004, instance 5 are of two studies/,
  ],
  [
    'two frames of reference',
    inOne({ '00200052': ['UI', '2.25.9'] }),
    /image-000, instance 1 and image-004, instance 5 are of two frames of reference/,
  ],
];

const KINDS: [string, Input, RegExp][] = [
  [
    'MR',
    everywhere({ '00080060': ['CS', 'MR'], '00080016': ['UI', '1.2.840.10008.5.1.4.1.1.4'] }),
    /modality MR, MR Image Storage/,
  ],
  [
    'Enhanced CT',
    everywhere({ '00080016': ['UI', '1.2.840.10008.5.1.4.1.1.2.1'] }),
    /Enhanced CT Image Storage \(multi-frame\).*single-frame/,
  ],
  [
    'an RGB secondary capture among the slices',
    inOne({ '00080016': ['UI', '1.2.840.10008.5.1.4.1.1.7'], '00280002': ['US', 3], '00280004': ['CS', 'RGB'] }),
    /image-004, instance 5 is not a CT slice .*Secondary Capture/,
  ],
  [
    'a segmentation among the slices',
    inOne({ '00080016': ['UI', SEGMENTATION_CLASS], '00080060': ['CS', 'SEG'] }),
    /image-004, instance 5 is not a CT slice \(modality SEG, Segmentation Storage/,
  ],
  [
    'a localizer among the slices',
    inOne({ '00080008': ['CS', 'ORIGINAL\\PRIMARY\\LOCALIZER'] }),
    /image-004, instance 5 is a localizer \(ImageType ORIGINAL\\PRIMARY\\LOCALIZER\)/,
  ],
  [
    'projections',
    everywhere({ '00080008': ['CS', 'DERIVED\\SECONDARY\\AXIAL\\MIP'] }),
    /image-000, instance 1 is a projection .*choose the original slices/,
  ],
  ['several frames in one image', everywhere({ '00280008': ['IS', '2'] }), /2 frames/],
  ['frames that are no number', everywhere({ '00280008': ['IS', 'x'] }), /x frames/],
  ['color pixels', everywhere({ '00280002': ['US', 3], '00280004': ['CS', 'RGB'] }), /SamplesPerPixel 3, .*RGB/],
  ['MONOCHROME1', everywhere({ '00280004': ['CS', 'MONOCHROME1'] }), /MONOCHROME1/],
  [
    'JPEG Baseline',
    seriesOf({ transferSyntaxUid: '1.2.840.10008.1.2.4.50' }),
    /lossy.*1\.2\.840\.10008\.1\.2\.4\.50, JPEG Baseline/,
  ],
  ['JPEG 2000 that may be lossy', seriesOf({ transferSyntaxUid: '1.2.840.10008.1.2.4.91' }), /may be lossy compressed/],
  ['a lossy past', everywhere({ '00282110': ['CS', '01'] }), /lossy/],
];

/** The program names a file beside the number. */
const FILE_OF_IMAGE = /[^ (]+, instance (\d+)/g;

describe.each([
  ['values', VALUES],
  ['places', PLACES],
  ['kinds of images', KINDS],
])('%s', (_, inputs) => {
  test.each(inputs)('%s', async (_name, input, sentence) => {
    const folder = newFolder();
    input(folder);
    const refusal = await refusalOf(folder, '--json');
    expect(refusal).toMatch(sentence);
    expect(refusalInViewer(folder)).toBe(refusal.replace(FILE_OF_IMAGE, 'image $1'));
  });
});
