import {
  assessPerson,
  HOFF_2001,
  type PartialMesaInputs,
  type PercentileTable,
  type Person,
  personWarnings,
} from './index.ts';

const COMPLETE: PartialMesaInputs = {
  sex: 'male',
  ageYears: 65,
  race: 'white',
  systolicMmHg: 140,
  totalCholesterolMgPerDl: 210,
  hdlCholesterolMgPerDl: 45,
  hasDiabetes: false,
  isSmoker: false,
  takesLipidMedication: false,
  takesBloodPressureMedication: false,
  hasFamilyHistory: false,
};

const score = (agatston: number) => ({ agatston, lesions: agatston > 0 ? 1 : 0 });

describe('assessPerson', () => {
  test('gives percentile, risk and its inputs when everything is known', () => {
    const { percentile, mesa, mesaInputs } = assessPerson(COMPLETE, score(100), HOFF_2001);
    expect(percentile).toMatchObject({ kind: 'bracket', text: 'between the 25th (32) and 50th (180) reference score' });
    expect(mesa.kind === 'risk' && mesa.withCacPercent).toBeCloseTo(9.65, 2);
    expect(mesaInputs).toEqual(COMPLETE);
  });

  test('needs age, sex and a score for the percentile, and everything for the risk', () => {
    expect(assessPerson({ ...COMPLETE, sex: null }, score(100), HOFF_2001).percentile).toBeNull();
    expect(assessPerson({ ...COMPLETE, ageYears: null }, score(100), HOFF_2001).percentile).toBeNull();
    expect(assessPerson(COMPLETE, null, HOFF_2001).percentile).toBeNull();
    const { percentile, mesa, mesaInputs } = assessPerson({ sex: 'female', ageYears: 50 }, score(0), HOFF_2001);
    expect([percentile?.kind, mesa.kind, mesaInputs]).toEqual(['no-calcium', 'missing', null]);
  });

  test('calcium below the weights is no score of 0: no percentile, and the risk is that without calcium', () => {
    const { percentile, mesa } = assessPerson(COMPLETE, { agatston: 0, lesions: 2 }, HOFF_2001);
    expect(percentile).toBeNull();
    expect(mesa).toMatchObject({ kind: 'risk', withCacPercent: null });
  });

  test('an age of 0 is an age, which the table refuses', () => {
    expect(assessPerson({ sex: 'female', ageYears: 0 }, score(1), HOFF_2001).percentile?.kind).toBe('refused');
  });

  describe('with a table that has groups', () => {
    const tableOf = (...names: string[]) => ({
      name: 'T',
      source: 's',
      population: 'p',
      verified: true,
      percentiles: [25, 50],
      groups: names.flatMap((race, index) =>
        (['female', 'male'] as const).map(sex => ({
          sex,
          race,
          rows: [{ ages: [45, 84] as const, scores: index === 0 ? [1, 200] : [1, 50] }],
        })),
      ),
    });
    const textFor = (person: Person, table: PercentileTable) => {
      const { percentile } = assessPerson({ ...COMPLETE, ...person }, score(100), table);
      return percentile?.kind === 'refused' ? percentile.reason : percentile?.text;
    };

    test('takes the group of the same name as the race of the risk, whatever its case', () => {
      const table = tableOf('White', 'Chinese');
      expect(textFor({ race: 'white' }, table)).toBe('between the 25th (1) and 50th (200) reference score');
      expect(textFor({ race: 'chinese' }, table)).toBe('above the 50th (50) reference score');
      expect(textFor({ race: null }, table)).toBe('T needs one of its groups: White, Chinese.');
    });

    test('takes the chosen group, which need be none of the risk, and leaves the risk alone', () => {
      const table = tableOf('Han', 'Uyghur');
      expect(textFor({ race: 'chinese' }, table)).toBe('T needs one of its groups: Han, Uyghur.');
      expect(textFor({ race: 'chinese', tableGroup: 'Uyghur' }, table)).toBe('above the 50th (50) reference score');
      expect(textFor({ race: null, tableGroup: 'Han' }, table)).toBe(
        'between the 25th (1) and 50th (200) reference score',
      );
      const { mesa, mesaInputs } = assessPerson({ ...COMPLETE, tableGroup: 'Han' }, score(100), table);
      expect(mesa).toEqual(assessPerson(COMPLETE, score(100), table).mesa);
      expect(mesaInputs).toEqual(COMPLETE);
    });
  });
});

describe('personWarnings', () => {
  const imaged = { sex: 'female', ageYears: 63 } as const;

  test('nothing where header and input agree, or one of them says nothing', () => {
    expect(personWarnings({ sex: 'female', ageYears: 64 }, imaged)).toEqual([]);
    expect(personWarnings({ sex: null, ageYears: null }, imaged)).toEqual([]);
    expect(personWarnings({ sex: 'male', ageYears: 40 }, { sex: null, ageYears: null })).toEqual([]);
    expect(personWarnings({}, {})).toEqual([]);
  });

  test('a sentence for another sex and for another age', () => {
    expect(personWarnings({ sex: 'male', ageYears: 65 }, imaged)).toEqual([
      "Risk and percentile are for a male person, but by the image's header the person is female.",
      "Risk and percentile are for an age of 65 years, but by the image's header the person is 63 years old.",
    ]);
  });
});
