import { NOTHING_DECIDED } from './decisions.ts';
import { decisionsAsText, decisionsFromText, decisionsOf } from './saved-decisions.ts';
import { INITIAL_STATE } from './state.ts';

const { present } = NOTHING_DECIDED;
const history = {
  ...NOTHING_DECIDED,
  present: {
    ...present,
    aif: [3, 17],
    vof: [],
    settings: { ...present.settings, scaleByVof: false },
    rules: { ...present.rules, coreFlowPart: 0.31, reference: { kind: 'hemisphere' } as const },
    regions: [
      { name: 'Region 1', slice: 2, shape: { kind: 'ellipse', centre: [1.5, 2], radii: [0.1, 3] } as const },
      { name: 'Region 2', slice: 0, shape: { kind: 'polygon', points: [[0, 0.25]] } as const },
    ],
  },
};

test('decisions come back as they were', () => {
  const text = decisionsAsText({ ...INITIAL_STATE, history, shownMaps: ['TTP', 'CBV', 'MTT', 'CBF'] });
  const saved = decisionsFromText(text);
  const { method, smoothing, constants } = present.settings;
  const settings = { method, smoothing, constants } as Parameters<typeof decisionsOf>[1];
  expect(decisionsOf(saved, settings)).toEqual(history.present);
  expect(saved.shownMaps).toEqual(['TTP', 'CBV', 'MTT', 'CBF']);
});

test.each([
  ['{', 'damaged'],
  ['{"format":"other"}', 'format "other"'],
  [decisionsAsText({ ...INITIAL_STATE, history }).replace('"slice":2', '"slice":-2'), 'no count'],
  [
    decisionsAsText({ ...INITIAL_STATE, history })
      .replace('"TTP"', '"XYZ"')
      .replace('"CBF"', '"XYZ"'),
    'none of CBF',
  ],
])('what is no such text is refused: %s', (text, reason) => {
  expect(() => decisionsFromText(text)).toThrow(reason);
});
