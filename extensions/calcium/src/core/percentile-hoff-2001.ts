import type { PercentileTable, Sex } from './percentile-table.ts';

const AGES = [
  [30, 39],
  [40, 44],
  [45, 49],
  [50, 54],
  [55, 59],
  [60, 64],
  [65, 69],
  [70, 74],
  [75, 90],
] as const;

/** Agatston scores at the 25th, 50th, 75th and 90th percentile, in the order of AGES. */
const SCORES: { readonly [sex in Sex]: readonly (readonly [number, number, number, number])[] } = {
  male: [
    [0, 1, 3, 14],
    [0, 1, 9, 59],
    [0, 3, 36, 154],
    [1, 15, 103, 332],
    [4, 48, 215, 554],
    [13, 113, 410, 994],
    [32, 180, 566, 1299],
    [64, 310, 892, 1774],
    [166, 473, 1071, 1982],
  ],
  female: [
    [0, 0, 1, 3],
    [0, 0, 1, 4],
    [0, 0, 2, 22],
    [0, 0, 5, 55],
    [0, 1, 23, 121],
    [0, 3, 57, 193],
    [1, 24, 145, 410],
    [3, 52, 210, 631],
    [9, 75, 241, 709],
  ],
};

const rowsOf = (sex: Sex) => AGES.map((ages, index) => ({ ages, scores: SCORES[sex][index]! }));

/** The example table: published quartiles by age and sex, without race. */
export const HOFF_2001: PercentileTable = {
  name: 'Hoff 2001',
  source: 'Hoff et al., Am J Cardiol 2001;87:1335-1339, doi:10.1016/s0002-9149(01)01548-x',
  population: '35,246 asymptomatic adults of 30 to 90 years, self-referred for electron beam tomography 1993-1999, USA',
  verified: false,
  note: 'Values as a public calculator codes them, not compared with the paper yet.',
  percentiles: [25, 50, 75, 90],
  groups: [
    { sex: 'male', rows: rowsOf('male') },
    { sex: 'female', rows: rowsOf('female') },
  ],
};
