import type { Engine } from '@voxelwise/compute';
import { createStore, type DisplaySet, type Host, type Instance } from '@voxelwise/host';
import { openPerfusionSeries, perfusionSeriesOf } from './dynamic-series.ts';
import type { MapRun } from './map-run.ts';
import { createSeriesOpening } from './series-opening.ts';
import { INITIAL_STATE } from './state.ts';

const [SIZE, SLICES, TIME_POINTS] = [4, 2, 10];

/** A viewer with one CT series of these times, that counts the images which it is asked for. */
function viewerWith(timesS: readonly number[]) {
  const instances = timesS.flatMap((timeS, t) => Array.from({ length: SLICES }, (_, z) => imageAt(t, z, timeS)));
  const uids = { StudyInstanceUID: '2.25.90', SeriesInstanceUID: '2.25.91', Modality: 'CT' };
  const displaySets = [
    { ...uids, displaySetInstanceUID: 'source', instances },
    { ...uids, displaySetInstanceUID: 'shown', madeInClient: true, voxelwiseReferenceOf: 'source' },
  ] as unknown as DisplaySet[];
  const asked: string[] = [];
  const host = {
    services: {
      displaySetService: {
        EVENTS: {},
        getActiveDisplaySets: () => displaySets,
        subscribe: () => ({ unsubscribe() {} }),
      },
    },
    dataSource: () => ({
      getImageIdsForDisplaySet: ({ images }: DisplaySet) => images?.map(({ SOPInstanceUID }) => String(SOPInstanceUID)),
    }),
    cornerstone: {
      cache: { getImage: () => undefined, isLoaded: () => false, getImageLoadObject: () => undefined },
      imageLoader: {
        async loadImage(imageId: string) {
          asked.push(imageId);
          return { getPixelData: () => new Int16Array(SIZE * SIZE).fill(asked.length) };
        },
      },
    },
  } as unknown as Host;
  return { host, asked, open: () => openPerfusionSeries(host, perfusionSeriesOf(host)[0]!, {}) };
}

function imageAt(t: number, z: number, timeS: number): Instance {
  return {
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.2',
    SOPInstanceUID: `2.25.${t * SLICES + z + 1}`,
    StudyInstanceUID: '2.25.90',
    SeriesInstanceUID: '2.25.91',
    Modality: 'CT',
    ImageType: ['ORIGINAL', 'PRIMARY', 'AXIAL'],
    InstanceNumber: t * SLICES + z + 1,
    AcquisitionDate: '20250115',
    AcquisitionTime: `1000${timeS.toFixed(3).padStart(6, '0')}`,
    SliceThickness: 4,
    ImagePositionPatient: [-10, -10, 4 * z],
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    PixelSpacing: [5, 5],
    Rows: SIZE,
    Columns: SIZE,
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

const regular = Array.from({ length: TIME_POINTS }, (_, t) => 2 * t);
const all = SLICES * TIME_POINTS;

test('a series stays loaded until the session ends', async () => {
  const { host, asked, open } = viewerWith(regular);
  const first = await open();
  const again = await open();
  expect(asked.length).toBe(all);
  expect(again.volume.voxels).toBe(first.volume.voxels);
  const store = createStore(INITIAL_STATE, () => null);
  createSeriesOpening(host, {} as Engine, store, {} as MapRun).destroy();
  expect((await open()).volume.voxels).not.toBe(first.volume.voxels);
  expect(asked.length).toBe(2 * all);
});

test('of a series that was resampled, the voxels as they were measured are not kept', async () => {
  const { asked, open } = viewerWith(regular.map((timeS, t) => (t % 2 === 0 ? timeS : timeS + 0.5)));
  const { volume, isResampled } = await open();
  expect([isResampled, volume.voxels.constructor.name]).toEqual([true, 'Float32Array']);
  await open();
  expect(asked.length).toBe(2 * all);
});
