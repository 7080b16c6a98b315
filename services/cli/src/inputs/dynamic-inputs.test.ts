import { dynamicFramesOf, stackDynamicFrames } from '@voxelwise/dicom';
import { loadDynamicSeries } from '../dicom-folder/load-dynamic-series.ts';
import { type Changes, temporaryFolders } from '../testing/ct-series.test-support.ts';
import {
  asMr,
  type TestDynamicSeries,
  timeText,
  writeDynamicSeries,
  writeEnhancedSeries,
} from '../testing/dynamic-series.test-support.ts';
import { JARGON } from '../testing/run.test-support.ts';
import { headersInViewer } from './viewer-headers.test-support.ts';

// 4D series through both paths: files that this program parses, and metadata as OHIF holds it. What one refuses the other
// refuses with the same sentence, in which each names an image in its own way; what one accepts is the same stack in both.

jest.setTimeout(60_000);
const newFolder = temporaryFolders();
const BASE: TestDynamicSeries = { timePoints: 10, slices: 4, size: 4 };

const at = (seconds: number): Changes => ({ '00080032': ['TM', timeText(36_000 + seconds)] });
const place = (text: string): Changes => ({ '00200032': ['DS', text] });
const only = (t: number, z: number, changes: Changes) => (ofT: number, ofZ: number) =>
  ofT === t && ofZ === z ? changes : ({} as Changes);
const fileOf = (t: number, z: number) => `t${t}-z${z}`;

/** The stack that the viewer makes of the files of a folder. */
function stackInViewer(folder: string) {
  return stackDynamicFrames(headersInViewer(folder).flatMap(header => dynamicFramesOf(header)));
}

const ACCEPTED: [what: string, write: (folder: string) => unknown][] = [
  ['CT by AcquisitionTime', folder => writeDynamicSeries(folder, BASE)],
  [
    'CT by ContentTime',
    folder =>
      writeDynamicSeries(folder, {
        ...BASE,
        changesOf: t => ({ ...at(0), '00080023': ['DA', '20250115'], '00080033': ['TM', timeText(40_000 + 3 * t)] }),
      }),
  ],
  ['CT past midnight', folder => writeDynamicSeries(folder, { ...BASE, changesOf: t => at(50_395 + 2 * t) })],
  ['MR by its positions in time', folder => writeDynamicSeries(folder, { ...BASE, changesOf: t => asMr(t) })],
  [
    'MR by its trigger time, slice after slice',
    folder =>
      writeDynamicSeries(folder, {
        ...BASE,
        changesOf: (t, z) => ({ ...asMr(t), '00200100': null, '00181060': ['DS', String(2000 * t + 400 * z)] }),
      }),
  ],
  ['Enhanced CT', folder => writeEnhancedSeries(folder, BASE, 36)],
  ['Enhanced CT, an image per time point', folder => writeEnhancedSeries(folder, BASE, 4)],
  [
    'derived images beside a localizer',
    folder =>
      writeDynamicSeries(folder, {
        ...BASE,
        timePoints: 10,
        changesOf: t => ({
          '00080008': ['CS', t === 10 ? 'ORIGINAL\\PRIMARY\\LOCALIZER' : 'DERIVED\\SECONDARY\\AXIAL'],
        }),
      }),
  ],
];

test.each(ACCEPTED)('%s: the same in both', async (_, write) => {
  const folder = newFolder();
  write(folder);
  const { volume, information } = await loadDynamicSeries(folder);
  const { dimensions, spacingMm, timesS, splitBy, timesFrom, notes, signal } = stackInViewer(folder);
  expect({ dimensions: volume.dimensions, spacingMm: volume.spacingMm, signal: volume.signal }).toEqual({
    ...{ dimensions, spacingMm, signal },
  });
  const { measuredTimesS, splitBy: split, timesFrom: from } = information;
  expect({ timesS: measuredTimesS, splitBy: split, timesFrom: from }).toEqual({ timesS, splitBy, timesFrom });
  expect(information.notes.slice(0, notes.length).map(asInViewer)).toEqual(notes);
});

const REFUSED: [what: string, series: Partial<TestDynamicSeries>, sentence: RegExp][] = [
  ['4 time points', { timePoints: 4 }, /^The series has 4 time points/],
  ['one time point', { timePoints: 1 }, /1 time point; take the 4D series/],
  [
    'a missing image',
    { fileOf: (t, z) => (t === 5 && z === 1 ? null : fileOf(t, z)) },
    /^Time point 6 of 10 \(by AcquisitionTime\) has no image of slice 2 of 4 \(at -97 mm/,
  ],
  [
    'a time point of which most is missing',
    { fileOf: (t, z) => (t === 8 && z > 0 ? null : fileOf(t, z)) },
    /different numbers of slices \(by AcquisitionTime\), 4 in time point 1 and 1 in time point 9 of 10/,
  ],
  [
    'two images at one place and time',
    { changesOf: only(3, 1, place('-120\\-130.5\\-94')) },
    /two images at one place, .* and .* with the same AcquisitionTime/,
  ],
  ['times that do not change', { changesOf: () => at(0) }, /nothing tells its time points apart/],
  [
    'times that fall',
    { changesOf: t => ({ ...at(t === 4 ? 1 : 2 * t), '00200100': ['IS', String(t)] }) },
    /do not increase \(AcquisitionTime\): time point 5 .* is at 1 s, time point 4 at 6 s/,
  ],
  [
    'a toggling table',
    { changesOf: (t, z) => at(4 * t + (z < 2 ? 0 : 2)) },
    /2 table positions .*slices 3 to 4 2 s later/,
  ],
  [
    'a time point that lies elsewhere',
    { changesOf: (t, z) => (t === 3 ? place(`-120\\-130.5\\${-98.5 + 3 * z}`) : {}) },
    /^Time point 4 of 10 .* lies 1\.5 mm beside/,
  ],
  [
    'a tilted gantry',
    { changesOf: (_, z) => place(`-120\\${-130 + z}\\${-100 + 3 * z}`) },
    /sheared, 18\.43 degrees .* can be measured/,
  ],
  ['no slope', { changes: { '00281053': null } }, /RescaleSlope is missing/],
  ['another unit', { changes: { '00281054': ['LO', 'US'] } }, /RescaleType US/],
  ['lossy images', { changes: { '00282110': ['CS', '01'] } }, /lossy compressed/],
  ['maps', { changes: { '00080008': ['CS', 'DERIVED\\PRIMARY\\AXIAL\\TMAX'] } }, /is a perfusion map/],
  ['MR without an echo time', { changesOf: t => ({ ...asMr(t), '00180081': null }) }, /^EchoTime is missing/],
  [
    'MR with two echoes',
    { changesOf: (t, z) => ({ ...asMr(t), '00180081': ['DS', z % 2 ? '14' : '34'] }) },
    /2 echo times, 14 and 34 ms/,
  ],
  ['MR without times', { changesOf: t => ({ ...asMr(t), '00181060': null }) }, /sampling interval is unknown/],
  ['two patients', { changesOf: only(2, 2, { '00100030': ['DA', '19500101'] }) }, /two patients \(PatientBirthDate\)/],
  [
    'PET',
    { changes: { '00080060': ['CS', 'PT'], '00080016': ['UI', '1.2.840.10008.5.1.4.1.1.128'] } },
    /not an image of CT or MR/,
  ],
];

/** The program names a file beside the number. */
const asInViewer = (sentence: string) => sentence.replace(/[^ (]+, instance (\d+)/g, 'image $1');

test.each(REFUSED)('%s: refused by both with one sentence', async (_, series, sentence) => {
  const folder = writeDynamicSeries(newFolder(), { fileOf, ...BASE, ...series });
  const refusal = await loadDynamicSeries(folder).then(
    () => 'accepted',
    (error: Error) => `${error.name}: ${error.message}`,
  );
  expect(refusal).toMatch(/^Refusal: /);
  const message = refusal.replace('Refusal: ', '');
  expect(message).toMatch(sentence);
  expect(message).toMatch(/^[^\n]+\.$/);
  expect(message).not.toMatch(JARGON);
  expect(() => stackInViewer(folder)).toThrow(expect.objectContaining({ message: asInViewer(message) }));
});
