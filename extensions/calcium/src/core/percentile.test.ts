import { integer, seededRandom } from './calcium.test-support.ts';
import { HOFF_2001, type PercentileTable, percentileOf, provenanceOf, racesOf } from './index.ts';

/** The reference scores of White men of MESA that the notes list, at single ages, and a group with many ties. */
const MESA_EXCERPT: PercentileTable = {
  name: 'Excerpt',
  source: 'test',
  population: 'test',
  verified: true,
  percentiles: [25, 50, 75, 90],
  groups: [
    {
      sex: 'male',
      race: 'White',
      rows: [
        { ages: [45, 45], scores: [0, 0, 0, 36] },
        { ages: [55, 55], scores: [0, 6, 68, 234] },
        { ages: [65, 65], scores: [5, 71, 307, 802] },
      ],
    },
    { sex: 'female', race: 'White', rows: [{ ages: [45, 84], scores: [2, 2, 2, 9] }] },
    { sex: 'male', race: 'Black', rows: [{ ages: [45, 84], scores: [0, 8, 95, 330] }] },
    { sex: 'female', race: 'Black', rows: [{ ages: [45, 84], scores: [0, 0, 0, 0] }] },
  ],
};

const bracket = (agatston: number, ageYears = 65, sex: 'male' | 'female' = 'male', race = 'White') => {
  const result = percentileOf(MESA_EXCERPT, { sex, ageYears, race }, agatston);
  return result.kind === 'refused' ? result.reason : result.text;
};

describe('percentileOf', () => {
  test.each([
    [71.5, 'between the 50th (71) and 75th (307) reference score'],
    [72, 'between the 50th (71) and 75th (307) reference score'],
    [306.999, 'between the 50th (71) and 75th (307) reference score'],
    [71, 'at the 50th reference score (71)'],
    [71.00000000000001, 'at the 50th reference score (71)'],
    [307, 'at the 75th reference score (307)'],
    [4, 'below the 25th (5) reference score'],
    [5, 'at the 25th reference score (5)'],
    [802, 'at the 90th reference score (802)'],
    [803, 'above the 90th (802) reference score'],
    [0, 'no calcium'],
  ])('a score of %d in a man of 65 is %s', (agatston, text) => {
    expect(bracket(agatston)).toBe(text);
  });

  test('ties: the bracket starts at the last of equal reference scores', () => {
    expect(bracket(1, 45)).toBe('between the 75th (0) and 90th (36) reference score');
    expect(bracket(0, 45)).toBe('no calcium');
    expect(bracket(2, 50, 'female')).toBe('at the 25th to 75th reference score (2)');
    expect(bracket(3, 50, 'female')).toBe('between the 75th (2) and 90th (9) reference score');
    expect(bracket(1, 50, 'female')).toBe('below the 25th (2) reference score');
    expect(bracket(1, 50, 'female', 'Black')).toBe('above the 90th (0) reference score');
    expect(bracket(0, 50, 'female', 'black')).toBe('no calcium');
  });

  test('gives the reference scores and their provenance with the bracket', () => {
    expect(percentileOf(HOFF_2001, { sex: 'female', ageYears: 67 }, 100)).toEqual({
      kind: 'bracket',
      group: 'female, 65 to 69 years',
      text: 'between the 50th (24) and 75th (145) reference score',
      lower: { percentile: 50, score: 24 },
      upper: { percentile: 75, score: 145 },
      reference: [
        { percentile: 25, score: 1 },
        { percentile: 50, score: 24 },
        { percentile: 75, score: 145 },
        { percentile: 90, score: 410 },
      ],
      provenance: provenanceOf(HOFF_2001),
    });
    expect(provenanceOf(HOFF_2001)).toMatch(/^Hoff 2001: 35,246 asymptomatic.*values to be verified\. Values as/);
    expect(provenanceOf(MESA_EXCERPT)).toBe('Excerpt: test. test.');
  });

  test('every score lies within its bracket, and no reference score lies between', () => {
    const random = seededRandom(3);
    for (let i = 0; i < 500; i++) {
      const person = { sex: random() < 0.5 ? 'male' : 'female', ageYears: integer(random, 30, 90) } as const;
      const agatston = random() < 0.3 ? integer(random, 1, 400) : random() ** 3 * 2500 + 0.001;
      const result = percentileOf(HOFF_2001, person, agatston);
      if (result.kind !== 'bracket') throw new Error(JSON.stringify(result));
      const { lower, upper, reference } = result;
      for (const { percentile, score } of reference) {
        expect(score < agatston).toBe(lower !== null && percentile <= lower.percentile);
        expect(score > agatston).toBe(upper !== null && percentile >= upper.percentile);
      }
    }
  });

  test.each([
    [64.5, 'male', 'White', 'The percentile needs an age in whole years, not 64.5.'],
    [Number.NaN, 'male', 'White', 'The percentile needs an age in whole years, not NaN.'],
    [
      50,
      'male',
      'White',
      'Excerpt has no reference scores for the age of 50 (male, White); it has them for 45, 55, 65.',
    ],
    [85, 'male', 'Black', 'Excerpt has no reference scores for the age of 85 (male, Black); it has them for 45 to 84.'],
    [65, 'male', 'Other', 'Excerpt has no group "Other"; it has White, Black.'],
    [65, 'male', '', 'Excerpt needs one of its groups: White, Black.'],
  ] as const)('refuses the age of %p in the group %s %s', (ageYears, sex, race, reason) => {
    expect(bracket(10, ageYears, sex, race)).toBe(reason);
  });

  test('refuses ages outside Hoff’s, and does not ask for race there', () => {
    for (const ageYears of [29, 91]) {
      expect(percentileOf(HOFF_2001, { sex: 'male', ageYears }, 1)).toEqual({
        kind: 'refused',
        reason: `Hoff 2001 has no reference scores for the age of ${ageYears} (male); it has them for 30 to 90.`,
      });
    }
    expect([racesOf(HOFF_2001), racesOf(MESA_EXCERPT)]).toEqual([[], ['White', 'Black']]);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('a score of %d is no score', agatston => {
    expect(() => percentileOf(HOFF_2001, { sex: 'male', ageYears: 60 }, agatston)).toThrow(RangeError);
  });
});

test('a bracket says whose reference scores it is among', () => {
  const groupAt = (ageYears: number, sex: 'female' | 'male') => {
    const result = percentileOf(HOFF_2001, { sex, ageYears }, 5);
    return result.kind === 'refused' ? null : result.group;
  };
  expect(groupAt(66, 'male')).toBe('male, 65 to 69 years');
  expect(groupAt(40, 'female')).toBe('female, 40 to 44 years');
});
