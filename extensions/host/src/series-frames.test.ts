import type { Host } from './host.ts';
import type { DisplaySet, Instance } from './ohif.ts';
import { seriesFrames, seriesInstances } from './series-frames.ts';

const displaySet = (SeriesInstanceUID: string, instances: readonly Instance[], madeInClient = false) =>
  ({ SeriesInstanceUID, instances, madeInClient }) as unknown as DisplaySet;
const hostWith = (displaySets: readonly DisplaySet[]) =>
  ({ services: { displaySetService: { getActiveDisplaySets: () => displaySets } } }) as unknown as Host;

test('instances of a series are those of all its display sets, each once', () => {
  const [a, b, c, other] = [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }];
  const host = hostWith([
    displaySet('1', [a]),
    displaySet('2', [other]),
    displaySet('1', [b, c]),
    displaySet('1', [a, b], true),
  ]);
  expect(seriesInstances(host, '1')).toEqual([a, b, c]);
});

const uids = { StudyInstanceUID: '1.1', SeriesInstanceUID: '1.2' };
const sourceOf = (imageIds: readonly string[]) =>
  ({ dataSource: () => ({ getImageIdsForDisplaySet: () => imageIds }) }) as unknown as Host;

test('frames have the image ids that the data source gives, in order', () => {
  const [single, multi] = [{ SOPInstanceUID: 'a' }, { SOPInstanceUID: 'b', NumberOfFrames: '2' }];
  expect(seriesFrames(sourceOf(['a/1', 'b/1', 'b/2']), uids, [single, multi])).toEqual([
    { instance: single, frame: 1, imageId: 'a/1' },
    { instance: multi, frame: 1, imageId: 'b/1' },
    { instance: multi, frame: 2, imageId: 'b/2' },
  ]);
});

test('another number of image ids is refused', () => {
  expect(() => seriesFrames(sourceOf(['a/1']), uids, [{ NumberOfFrames: 2 }])).toThrow(
    'The viewer has 1 images of this series, and its headers tell of 2; reload the study.',
  );
});
