import { configuredService, configuredSite } from './configuration.ts';

const PAGE = 'https://viewer.example/voxelwise-calcium?StudyInstanceUIDs=1.2';
const at = (dataService?: unknown) =>
  configuredService({ appConfig: dataService === undefined ? {} : { '@voxelwise/records': { dataService } } }, PAGE);

test.each([undefined, null, ''])('where the site says nothing (%j), it is looked for beside the viewer', setting => {
  expect(at(setting)).toEqual({ url: 'https://viewer.example/api', isNamed: false, problem: '' });
});

test.each([
  ['/records/api/', 'https://viewer.example/records/api'],
  ['https://data.example/api', 'https://data.example/api'],
  ['http://localhost:8090/api?x=1#y', 'http://localhost:8090/api'],
])('the site names %s', (setting, url) => {
  expect(at(setting)).toEqual({ url, isNamed: true, problem: '' });
});

test('the site switches it off', () => {
  expect(at(false)).toEqual({ url: null, isNamed: false, problem: '' });
});

test.each([true, 7, 'ftp://data.example', 'http://'])('%j is no address: off, with a sentence', setting => {
  const { url, problem } = at(setting);
  expect(url).toBeNull();
  expect(problem).toMatch(/^The site's configuration names a data service that is no address .*\.$/);
});

test('a viewer may say which site its records belong to', () => {
  expect(configuredSite({ appConfig: { '@voxelwise/records': { site: 'north' } } })).toBe('north');
  expect(configuredSite({ appConfig: {} })).toBeUndefined();
});
