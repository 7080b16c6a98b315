import { integer, seededRandom } from './calcium.test-support.ts';
import {
  assessMesaRisk,
  CHOLESTEROL_MG_PER_DL_PER_MMOL_PER_L,
  cholesterolMgPerDl,
  MESA_RACES,
  type MesaInputs,
  missingMesaInputs,
  type PartialMesaInputs,
} from './index.ts';

const healthy = {
  hasDiabetes: false,
  isSmoker: false,
  takesLipidMedication: false,
  takesBloodPressureMedication: false,
  hasFamilyHistory: false,
};
const person = (
  sex: MesaInputs['sex'],
  ageYears: number,
  race: MesaInputs['race'],
  [systolicMmHg, hdlCholesterolMgPerDl, totalCholesterolMgPerDl]: readonly [number, number, number],
  more: Partial<MesaInputs> = {},
): MesaInputs => ({
  ...healthy,
  sex,
  ageYears,
  race,
  systolicMmHg,
  hdlCholesterolMgPerDl,
  totalCholesterolMgPerDl,
  ...more,
});
const white65 = person('male', 65, 'white', [140, 45, 210]);

/** Risks as a reader sees them, to 0.01. */
function risksOf(inputs: PartialMesaInputs, agatston: number | null) {
  const assessment = assessMesaRisk(inputs, agatston);
  if (assessment.kind !== 'risk') throw new Error(JSON.stringify(assessment));
  return [assessment.withCacPercent?.toFixed(2) ?? null, assessment.withoutCacPercent.toFixed(2)];
}

describe('published and computed vectors, to 0.01', () => {
  test('man of 70, Hispanic, blood pressure medication, score 0', () => {
    const inputs = person('male', 70, 'hispanic', [130, 50, 190], { takesBloodPressureMedication: true });
    expect(risksOf(inputs, 0)).toEqual(['3.06', '8.61']);
  });

  test.each([
    [0, '2.82'],
    [1, '3.40'],
    [10, '5.37'],
    [100, '9.65'],
    [400, '13.76'],
    [1000, '17.33'],
  ])('man of 65, White, score %d: %s %%', (agatston, risk) => {
    expect(risksOf(white65, agatston)).toEqual([risk, '7.72']);
  });

  test('woman of 60, Chinese, blood pressure medication, score 100', () => {
    const inputs = person('female', 60, 'chinese', [135, 55, 200], { takesBloodPressureMedication: true });
    expect(risksOf(inputs, 100)[0]).toBe('4.44');
  });

  test('woman of 55, Black, both medications, score 50', () => {
    const inputs = person('female', 55, 'black', [145, 50, 220], {
      takesBloodPressureMedication: true,
      takesLipidMedication: true,
    });
    expect(risksOf(inputs, 50)[0]).toBe('6.80');
  });

  test('without a score there is only the risk without it', () => {
    expect(risksOf(white65, null)).toEqual([null, '7.72']);
  });
});

test('every risk factor raises both risks, HDL lowers them, and they stay within 0 and 100', () => {
  const random = seededRandom(7);
  const is = () => random() < 0.5;
  for (let i = 0; i < 300; i++) {
    const inputs = person(
      is() ? 'male' : 'female',
      integer(random, 45, 84),
      MESA_RACES[integer(random, 0, 3)]!,
      [integer(random, 60, 259), integer(random, 10, 59), integer(random, 60, 599)],
      { hasDiabetes: false, isSmoker: is(), takesLipidMedication: is(), takesBloodPressureMedication: is() },
    );
    const agatston = random() ** 4 * 5000;
    const risks = (change: Partial<MesaInputs>, score = agatston) => {
      const assessment = assessMesaRisk({ ...inputs, ...change }, score);
      if (assessment.kind !== 'risk') throw new Error(JSON.stringify(assessment));
      return [assessment.withCacPercent!, assessment.withoutCacPercent] as const;
    };
    const [withCac, withoutCac] = risks({});
    for (const risk of [withCac, withoutCac]) {
      expect(risk).toBeGreaterThan(0);
      expect(risk).toBeLessThan(100);
    }
    const raising: Partial<MesaInputs>[] = [
      { ageYears: inputs.ageYears + 1 },
      { systolicMmHg: inputs.systolicMmHg + 1 },
      { totalCholesterolMgPerDl: inputs.totalCholesterolMgPerDl + 1 },
      { hasDiabetes: true },
      { hasFamilyHistory: true },
    ];
    for (const change of raising) {
      const [higherWith, higherWithout] = risks(change);
      expect(higherWith).toBeGreaterThan(withCac);
      expect(higherWithout).toBeGreaterThan(withoutCac);
    }
    expect(risks({ hdlCholesterolMgPerDl: inputs.hdlCholesterolMgPerDl + 0.5 })[0]).toBeLessThan(withCac);
    expect(risks({}, agatston + 1)[0]).toBeGreaterThan(withCac);
    expect(risks({}, agatston + 1)[1]).toBe(withoutCac);
  }
});

describe('inputs that are missing', () => {
  test('are all named, and there is no risk', () => {
    expect(assessMesaRisk({}, 100)).toEqual({
      kind: 'missing',
      missing: [
        'age',
        'sex',
        'race or ethnicity',
        'systolic blood pressure',
        'total cholesterol',
        'HDL cholesterol',
        'diabetes',
        'current smoking',
        'lipid medication',
        'blood pressure medication',
        'family history of heart attack',
      ],
    });
  });

  test('one at a time', () => {
    for (const name of Object.keys(white65) as (keyof MesaInputs)[]) {
      for (const value of [null, undefined]) {
        expect(missingMesaInputs({ ...white65, [name]: value })).toHaveLength(1);
        expect(assessMesaRisk({ ...white65, [name]: value }, 0).kind).toBe('missing');
      }
    }
    expect(missingMesaInputs(white65)).toEqual([]);
  });
});

describe('inputs that the model does not hold for', () => {
  const refusalsOf = (change: Partial<MesaInputs>, agatston: number | null = 0) => {
    const assessment = assessMesaRisk({ ...white65, ...change }, agatston);
    return assessment.kind === 'refused' ? assessment.reasons : assessment.kind;
  };

  test('ages under 45 and over 85', () => {
    expect(refusalsOf({ ageYears: 44 })).toEqual(['The MESA risk holds for ages 45 to 85, not for 44.']);
    expect(refusalsOf({ ageYears: 86 })).toEqual(['The MESA risk holds for ages 45 to 85, not for 86.']);
    expect(refusalsOf({ ageYears: Number.NaN })).toHaveLength(1);
    expect([refusalsOf({ ageYears: 45 }), refusalsOf({ ageYears: 85 })]).toEqual(['risk', 'risk']);
  });

  test('cholesterol in mmol/L is recognized', () => {
    expect(refusalsOf({ totalCholesterolMgPerDl: 5.2 })).toEqual([
      'The total cholesterol of 5.2 mg/dL is not between 60 and 600 mg/dL; if it is in mmol/L, it is 201 mg/dL.',
    ]);
    expect(refusalsOf({ hdlCholesterolMgPerDl: 1.3 })).toEqual([
      'The HDL cholesterol of 1.3 mg/dL is not between 10 and 200 mg/dL; if it is in mmol/L, it is 50 mg/dL.',
    ]);
    expect(CHOLESTEROL_MG_PER_DL_PER_MMOL_PER_L).toBe(38.67);
    expect(cholesterolMgPerDl(5)).toBeCloseTo(193.35, 10);
  });

  test.each<[Partial<MesaInputs>, RegExp]>([
    [{ systolicMmHg: 14 }, /systolic blood pressure of 14 mmHg is not between 60 and 260 mmHg\.$/],
    [{ systolicMmHg: Number.NaN }, /of NaN mmHg/],
    [{ totalCholesterolMgPerDl: 2000 }, /not between 60 and 600/],
    [{ totalCholesterolMgPerDl: 60, hdlCholesterolMgPerDl: 60 }, /HDL cholesterol of 60 mg\/dL is a part of the total/],
    [{ race: 'other' as 'white' }, /groups white, chinese, black, hispanic, not "other"/],
  ])('%j', (change, sentence) => {
    expect(refusalsOf(change)).toEqual([expect.stringMatching(sentence)]);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('a score of %d', agatston => {
    expect(refusalsOf({}, agatston)).toEqual([`An Agatston score cannot be ${agatston}.`]);
  });

  test('all of them at once', () => {
    expect(refusalsOf({ ageYears: 30, systolicMmHg: 13, totalCholesterolMgPerDl: 5 })).toHaveLength(3);
  });
});
