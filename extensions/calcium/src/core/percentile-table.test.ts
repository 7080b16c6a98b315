import {
  HOFF_2001,
  PERCENTILE_FORMAT,
  type PercentileGroup,
  PercentileTableError,
  parsePercentileTable,
} from './index.ts';

const rows = [
  { ages: [40, 49], scores: [0, 1] },
  { ages: [50, 50], scores: [2, 2] },
];
const table = (change: object = {}) => ({
  format: PERCENTILE_FORMAT,
  name: 'Test',
  source: 'nowhere',
  population: 'nobody',
  verified: false,
  percentiles: [50, 75],
  groups: [
    { sex: 'female', rows },
    { sex: 'male', rows },
  ],
  ...change,
});
const problemsOf = (value: unknown): readonly string[] => {
  try {
    parsePercentileTable(value);
    return [];
  } catch (error) {
    if (!(error instanceof PercentileTableError)) throw error;
    expect(error.message).toBe(error.problems.join(' '));
    return error.problems;
  }
};
const withRows = (...changed: unknown[]) =>
  table({
    groups: [
      { sex: 'female', rows: changed },
      { sex: 'male', rows },
    ],
  });

describe('parsePercentileTable', () => {
  test('gives a good table back, without its format', () => {
    const { format: _, ...expected } = table({ note: 'a note' });
    expect(parsePercentileTable(table({ note: 'a note' }))).toEqual(expected);
  });

  test('accepts the example that ships', () => {
    expect(parsePercentileTable({ format: PERCENTILE_FORMAT, ...HOFF_2001 })).toEqual(HOFF_2001);
    expect(HOFF_2001.verified).toBe(false);
  });

  test.each<[string, unknown, RegExp[]]>([
    ['what is no object', [table()], [/must be a JSON object/]],
    ['another format', table({ format: 'csv' }), [/format must be "voxelwise-percentiles-1", not "csv"/]],
    ['an unknown key', table({ unit: 'HU' }), [/key "unit" is not known/]],
    ['a missing name', table({ name: ' ' }), [/name must be a text/]],
    ['a missing source', table({ source: undefined }), [/source must be a text/]],
    ['a missing population', table({ population: 3 }), [/population must be a text/]],
    ['no word on verification', table({ verified: 'yes' }), [/verified must be true or false/]],
    ['a note that is no text', table({ note: 1 }), [/note must be a text/]],
    ['percentiles that fall', table({ percentiles: [75, 50] }), [/percentiles must be/]],
    ['percentiles that repeat', table({ percentiles: [50, 50] }), [/percentiles must be/]],
    ['percentiles outside 0 to 100', table({ percentiles: [50, 100] }), [/percentiles must be/]],
    ['no groups', table({ groups: [] }), [/must have groups/]],
    ['a missing sex', table({ groups: [{ sex: 'male', rows }] }), [/group "female" is missing/]],
    [
      'a missing sex of one race',
      table({
        groups: [
          { sex: 'male', race: 'A', rows },
          { sex: 'female', race: 'A', rows },
          { sex: 'male', race: 'B', rows },
        ],
      }),
      [/group "female, B" is missing/],
    ],
    [
      'race in some groups only',
      table({
        groups: [
          { sex: 'male', race: 'A', rows },
          { sex: 'female', race: 'A', rows },
          { sex: 'male', rows },
          { sex: 'female', rows },
        ],
      }),
      [/in every group, or in none/],
    ],
    [
      'a group twice',
      table({
        groups: [
          { sex: 'male', rows },
          { sex: 'male', rows },
          { sex: 'female', rows },
        ],
      }),
      [/group "male" is there 2 times/],
    ],
    [
      'one group under two spellings',
      table({
        groups: ['White', 'white '].flatMap(race => [
          { sex: 'male', race, rows },
          { sex: 'female', race, rows },
        ]),
      }),
      [/The groups "White" and "white " are one/],
    ],
    [
      'a sex that is none',
      table({ groups: [{ sex: 'M', rows }] }),
      [/Group 1 \(M\): sex must be/, /"female" is missing/, /"male" is missing/],
    ],
    ['a group that is no object', table({ groups: [3, ...table().groups] }), [/Group 1 must be an object/]],
    [
      'a group without rows',
      table({
        groups: [
          { sex: 'female', rows: [] },
          { sex: 'male', rows },
        ],
      }),
      [/must have rows/],
    ],
    [
      'overlapping ages',
      withRows({ ages: [40, 50], scores: [0, 1] }, { ages: [50, 59], scores: [0, 1] }),
      [/Group 1 \(female\), ages 50 to 59: the ages overlap/],
    ],
    [
      'ages out of order',
      withRows({ ages: [50, 59], scores: [0, 1] }, { ages: [40, 49], scores: [0, 1] }),
      [/ages 40 to 49: the ages overlap those before, or are out of order/],
    ],
    ['reversed ages', withRows({ ages: [50, 49], scores: [0, 1] }), [/ages must be \[first, last\]/]],
    ['fractional ages', withRows({ ages: [40.5, 49], scores: [0, 1] }), [/ages must be/]],
    ['one age', withRows({ ages: 40, scores: [0, 1] }), [/ages must be/]],
    ['falling scores', withRows({ ages: [40, 49], scores: [2, 1] }), [/\[2, 1\] must not be negative, and none less/]],
    ['negative scores', withRows({ ages: [40, 49], scores: [-1, 1] }), [/must not be negative/]],
    ['too few scores', withRows({ ages: [40, 49], scores: [1] }), [/there must be 2 scores/]],
    ['scores that are no numbers', withRows({ ages: [40, 49], scores: [0, '1'] }), [/there must be 2 scores/]],
    ['an unknown key in a row', withRows({ ages: [40, 49], scores: [0, 1], n: 3 }), [/key "n" is not known/]],
    [
      'everything at once',
      table({ name: '', verified: 1, percentiles: [] }),
      [/name/, /verified/, /percentiles/, /0 scores/, /0 scores/, /0 scores/, /0 scores/],
    ],
  ])('refuses %s, a sentence per problem', (_, value, sentences) => {
    expect(problemsOf(value)).toEqual(sentences.map(sentence => expect.stringMatching(sentence)));
  });
});

test('the example rises with age', () => {
  const groups: readonly PercentileGroup[] = HOFF_2001.groups;
  for (const { rows: ofGroup } of groups) {
    for (const [index, row] of ofGroup.entries()) {
      const next = ofGroup[index + 1];
      for (const [percentile, score] of row.scores.entries()) {
        if (next) expect(next.scores[percentile]).toBeGreaterThanOrEqual(score);
      }
    }
  }
});
