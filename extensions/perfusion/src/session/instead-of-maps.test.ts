import type { Survey } from '../core/index.ts';
import { insteadOfMaps } from './instead-of-maps.ts';
import { INITIAL_STATE } from './state.ts';

const withoutArtery = { aif: null } as unknown as Survey;
const withArtery = { aif: { voxels: [7] } } as unknown as Survey;

test('a view without a map says whether one is being computed, or what is missing', () => {
  const at = (change: object) => insteadOfMaps({ ...INITIAL_STATE, ...change });
  expect(at({ phase: 'measuring' })).toEqual(['Computing …']);
  expect(at({ phase: 'ready', survey: withArtery, computing: 0.5 })).toEqual(['Computing …']);
  expect(at({ phase: 'ready', survey: withArtery })).toEqual(['No maps']);
  expect(at({ phase: 'refused' })).toEqual(['No maps']);
  expect(at({ phase: 'ready', survey: withoutArtery })[1]).toContain('AIF (A)');
  const { history } = INITIAL_STATE;
  const chosen = { ...history, present: { ...history.present, aif: [3] } };
  expect(at({ phase: 'ready', survey: withoutArtery, history: chosen, computing: 0 })).toEqual(['Computing …']);
});
