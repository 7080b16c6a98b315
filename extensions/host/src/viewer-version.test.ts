import { viewerVersionOf } from './viewer-version.ts';

const scripts = (...sources: string[]) => sources.map(src => ({ src }));
const BUNDLE = 'https://viewer.example/app.bundle.0f6159c501addfe9.js';

test.each([
  [{}, scripts('https://viewer.example/app-config.js', BUNDLE), 'build 0f6159c501addfe9'],
  [{ '@voxelwise/host': { ohifVersion: '3.13.2' } }, scripts(BUNDLE), '3.13.2'],
  [{ '@voxelwise/host': { ohifVersion: 3 } }, scripts(BUNDLE), 'build 0f6159c501addfe9'],
  [{ '@voxelwise/host': null }, scripts('https://viewer.example/host.js'), null],
  [{}, [], null],
])('configuration %j and scripts %j are version %s', (appConfig, sources, version) => {
  expect(viewerVersionOf({ appConfig }, sources)).toBe(version);
});
