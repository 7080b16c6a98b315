/**
 * 10-year risk of coronary heart disease: MESA, McClelland et al., J Am Coll Cardiol 2015;66:1643-1653,
 * doi:10.1016/j.jacc.2015.08.035. Coefficients as in two independent public implementations that agree with each other
 * (to be verified against the paper). The model is one for both sexes and all groups.
 *
 * risk in percent = 100 * (1 - S0 ^ exp(sum of coefficient * value)), not clamped.
 */

export const MESA_RACES = ['white', 'chinese', 'black', 'hispanic'] as const;
export type MesaRace = (typeof MESA_RACES)[number];

/** Everything that the model asks for. There are no defaults: what is not known makes the risk not known. */
export interface MesaInputs {
  readonly ageYears: number;
  readonly sex: 'female' | 'male';
  readonly race: MesaRace;
  readonly systolicMmHg: number;
  readonly totalCholesterolMgPerDl: number;
  readonly hdlCholesterolMgPerDl: number;
  readonly hasDiabetes: boolean;
  readonly isSmoker: boolean;
  readonly takesLipidMedication: boolean;
  readonly takesBloodPressureMedication: boolean;
  /** Heart attack of a parent, sibling or child. */
  readonly hasFamilyHistory: boolean;
}

/** Inputs while they are being entered: null or absent is not known. */
export type PartialMesaInputs = { readonly [name in keyof MesaInputs]?: MesaInputs[name] | null };

export type MesaAssessment =
  | {
      readonly kind: 'risk';
      /** In percent, unclamped; null where there is no score. */
      readonly withCacPercent: number | null;
      readonly withoutCacPercent: number;
    }
  /** What is still to be entered, in words. */
  | { readonly kind: 'missing'; readonly missing: readonly string[] }
  /** One sentence for every input that the model does not hold for. */
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

const NAMES: { readonly [name in keyof MesaInputs]: string } = {
  ageYears: 'age',
  sex: 'sex',
  race: 'race or ethnicity',
  systolicMmHg: 'systolic blood pressure',
  totalCholesterolMgPerDl: 'total cholesterol',
  hdlCholesterolMgPerDl: 'HDL cholesterol',
  hasDiabetes: 'diabetes',
  isSmoker: 'current smoking',
  takesLipidMedication: 'lipid medication',
  takesBloodPressureMedication: 'blood pressure medication',
  hasFamilyHistory: 'family history of heart attack',
};

/** Ages that the model was made for. */
export const MESA_AGES_YEARS = [45, 85] as const;

/** Values that occur in people; outside them a number was mistyped, or is in another unit. */
const RANGES: readonly {
  readonly input: 'systolicMmHg' | 'totalCholesterolMgPerDl' | 'hdlCholesterolMgPerDl';
  readonly lowest: number;
  readonly highest: number;
  readonly unit: string;
}[] = [
  { input: 'systolicMmHg', lowest: 60, highest: 260, unit: 'mmHg' },
  { input: 'totalCholesterolMgPerDl', lowest: 60, highest: 600, unit: 'mg/dL' },
  { input: 'hdlCholesterolMgPerDl', lowest: 10, highest: 200, unit: 'mg/dL' },
];

/** mg/dL of cholesterol in 1 mmol/L, from its molar mass of 386.65 g/mol, as laboratories round it. */
export const CHOLESTEROL_MG_PER_DL_PER_MMOL_PER_L = 38.67;

/** Cholesterol in mg/dL from mmol/L. */
export function cholesterolMgPerDl(mmolPerL: number): number {
  return mmolPerL * CHOLESTEROL_MG_PER_DL_PER_MMOL_PER_L;
}

/**
 * The risk when every input is there and the model holds for it; otherwise what is missing, or why not.
 * @param agatston unrounded score, or null where there is none.
 */
export function assessMesaRisk(partial: PartialMesaInputs, agatston: number | null): MesaAssessment {
  if (!isComplete(partial)) return { kind: 'missing', missing: missingMesaInputs(partial) };
  const reasons = refusalsOf(partial, agatston);
  if (reasons.length > 0) return { kind: 'refused', reasons };
  return {
    kind: 'risk',
    withCacPercent: agatston === null ? null : riskPercent(WITH_CAC, partial, agatston),
    withoutCacPercent: riskPercent(WITHOUT_CAC, partial, 0),
  };
}

/** Inputs that are still to be entered, in words. */
export function missingMesaInputs(partial: PartialMesaInputs): string[] {
  const names = Object.keys(NAMES) as (keyof MesaInputs)[];
  return names.filter(name => partial[name] === undefined || partial[name] === null).map(name => NAMES[name]);
}

function isComplete(partial: PartialMesaInputs): partial is MesaInputs {
  return missingMesaInputs(partial).length === 0;
}

function refusalsOf(inputs: MesaInputs, agatston: number | null): string[] {
  const reasons: string[] = [];
  const { ageYears, totalCholesterolMgPerDl, hdlCholesterolMgPerDl } = inputs;
  const [youngest, oldest] = MESA_AGES_YEARS;
  if (!(ageYears >= youngest && ageYears <= oldest)) {
    reasons.push(`The MESA risk holds for ages ${youngest} to ${oldest}, not for ${ageYears}.`);
  }
  if (!MESA_RACES.includes(inputs.race)) {
    reasons.push(`The MESA risk knows the groups ${MESA_RACES.join(', ')}, not "${inputs.race}".`);
  }
  for (const { input, lowest, highest, unit } of RANGES) {
    const value = inputs[input];
    if (value >= lowest && value <= highest) continue;
    const inMgPerDl = Math.round(cholesterolMgPerDl(value));
    const isMmol = unit === 'mg/dL' && inMgPerDl >= lowest && inMgPerDl <= highest;
    const hint = isMmol ? `; if it is in mmol/L, it is ${inMgPerDl} mg/dL` : '';
    reasons.push(`The ${NAMES[input]} of ${value} ${unit} is not between ${lowest} and ${highest} ${unit}${hint}.`);
  }
  if (reasons.length === 0 && hdlCholesterolMgPerDl >= totalCholesterolMgPerDl) {
    reasons.push(
      `The HDL cholesterol of ${hdlCholesterolMgPerDl} mg/dL is a part of the total cholesterol, which is ${totalCholesterolMgPerDl} mg/dL: one of them is wrong.`,
    );
  }
  if (agatston !== null && !(agatston >= 0 && Number.isFinite(agatston))) {
    reasons.push(`An Agatston score cannot be ${agatston}.`);
  }
  return reasons;
}

interface Coefficients {
  /** Survival at 10 years where every term is 0. */
  readonly baseline: number;
  readonly ageYears: number;
  readonly male: number;
  readonly race: { readonly [race in MesaRace]: number };
  readonly diabetes: number;
  readonly smoker: number;
  readonly totalCholesterol: number;
  readonly hdlCholesterol: number;
  readonly lipidMedication: number;
  readonly systolic: number;
  readonly bloodPressureMedication: number;
  readonly familyHistory: number;
  /** Of ln(score + 1). */
  readonly lnScore: number;
}

const WITH_CAC: Coefficients = {
  baseline: 0.99833,
  ageYears: 0.0172,
  male: 0.4079,
  race: { white: 0, chinese: -0.3475, black: 0.0353, hispanic: -0.0222 },
  diabetes: 0.3892,
  smoker: 0.3717,
  totalCholesterol: 0.0043,
  hdlCholesterol: -0.0114,
  lipidMedication: 0.1206,
  systolic: 0.0066,
  bloodPressureMedication: 0.2278,
  familyHistory: 0.3239,
  lnScore: 0.2743,
};

const WITHOUT_CAC: Coefficients = {
  baseline: 0.99963,
  ageYears: 0.0455,
  male: 0.7496,
  race: { white: 0, chinese: -0.5055, black: -0.2111, hispanic: -0.19 },
  diabetes: 0.5168,
  smoker: 0.4732,
  totalCholesterol: 0.0053,
  hdlCholesterol: -0.014,
  lipidMedication: 0.2473,
  systolic: 0.0085,
  bloodPressureMedication: 0.3381,
  familyHistory: 0.4522,
  lnScore: 0,
};

function riskPercent(coefficients: Coefficients, inputs: MesaInputs, agatston: number): number {
  const sum =
    coefficients.ageYears * inputs.ageYears +
    coefficients.male * Number(inputs.sex === 'male') +
    coefficients.race[inputs.race] +
    coefficients.diabetes * Number(inputs.hasDiabetes) +
    coefficients.smoker * Number(inputs.isSmoker) +
    coefficients.totalCholesterol * inputs.totalCholesterolMgPerDl +
    coefficients.hdlCholesterol * inputs.hdlCholesterolMgPerDl +
    coefficients.lipidMedication * Number(inputs.takesLipidMedication) +
    coefficients.systolic * inputs.systolicMmHg +
    coefficients.bloodPressureMedication * Number(inputs.takesBloodPressureMedication) +
    coefficients.familyHistory * Number(inputs.hasFamilyHistory) +
    coefficients.lnScore * Math.log1p(agatston);
  return 100 * (1 - coefficients.baseline ** Math.exp(sum));
}
