import { computePreference } from './compute-preference.ts';

const site = (producer?: unknown) => ({ appConfig: { '@voxelwise/compute': { producer } } });

test('without a setting the engine chooses', () => {
  const none = { prefer: null, problem: '' };
  expect(computePreference({ appConfig: {} }, '')).toEqual(none);
  expect(computePreference({ appConfig: { '@voxelwise/compute': null } }, '?StudyInstanceUIDs=1.2')).toEqual(none);
  expect(computePreference(site(), '?producer=')).toEqual(none);
});

test.each(['webgl2', 'wasm', 'ts'])('%s is preferred by the site or by the address', producer => {
  expect(computePreference(site(producer), '')).toEqual({ prefer: producer, problem: '' });
  expect(computePreference({ appConfig: {} }, `?StudyInstanceUIDs=1.2&producer=${producer}`)).toEqual({
    prefer: producer,
    problem: '',
  });
});

test('the address goes before the site', () => {
  expect(computePreference(site('wasm'), '?producer=ts').prefer).toBe('ts');
});

test('a name that no producer has is not obeyed, and said so', () => {
  for (const [host, address] of [
    [site('cuda'), ''],
    [site('ts'), '?producer=cuda'],
  ] as const) {
    expect(computePreference(host, address)).toEqual({
      prefer: null,
      problem: 'There is no producer named "cuda" (wasm, webgl2, ts); the fastest one is used.',
    });
  }
});
