import { ABSOLUTE_CONSTANTS, RELATIVE_CONSTANTS } from '../core/index.ts';
import { type ComputedMaps, INITIAL_STATE, shownConstants } from './state.ts';

test('units are those of the maps on screen, while others are being computed', () => {
  const { history } = INITIAL_STATE;
  const settings = { ...history.present.settings, constants: RELATIVE_CONSTANTS };
  const changed = { ...history, present: { ...history.present, settings } };
  const computed = { settings: { constants: ABSOLUTE_CONSTANTS } } as ComputedMaps;
  expect(shownConstants({ computed, history: changed })).toBe(ABSOLUTE_CONSTANTS);
  expect(shownConstants({ computed: null, history: changed })).toBe(RELATIVE_CONSTANTS);
});
