import { type Column, type Fact, factRows, headed, type Section } from '@voxelwise/dicom';
import type { jsPDF } from 'jspdf';
import {
  BELOW_WEIGHTS_NOTE,
  interpretScore,
  type MesaInputs,
  type PersonAssessment,
  percentileSource,
} from '../core/index.ts';
import type { CalciumReport } from './report.ts';

const LABEL_WIDTH_MM = 29;

/** What the score means: classes by the score alone, then what needs to know the person, each with its source. */
export function interpretationSection(doc: jsPDF, report: CalciumReport, column: Column): Section {
  return headed(
    doc,
    'Interpretation',
    factRows(doc, factsOf(report), column, { labelWidthMm: LABEL_WIDTH_MM }),
    column,
  );
}

function factsOf({ total, vessels, person }: CalciumReport): Fact[] {
  const interpretation = interpretScore(
    total,
    vessels.map(({ vessel, score }) => ({ vessel, agatston: score.agatston })),
  );
  if (!interpretation) return [['Agatston score', BELOW_WEIGHTS_NOTE]];
  const { cacDrs, arterialAgeYears, isVeryHigh, note } = interpretation;
  const isScored = cacDrs.score !== 'A0';
  return [
    [
      'CAC-DRS',
      `${cacDrs.label.replace('CAC-DRS ', '')}${isScored ? ' (A: class of the score, N: vessels with calcium)' : ''}${isVeryHigh ? '; very high, above 1000' : ''}`,
    ],
    ['Arterial age', `${arterialAgeYears.toFixed(1)} years: 39.1 + 7.25 ln(score + 1), MESA, McClelland 2009`],
    ['Low score', note ?? ''],
    ...(person ? personFacts(person) : []),
  ];
}

/** Only what is known: a risk that lacks an input is not printed at all. */
function personFacts({ percentile, mesa, mesaInputs }: PersonAssessment): Fact[] {
  const facts: Fact[] = [];
  if (percentile) {
    const text =
      percentile.kind === 'refused'
        ? `not given. ${percentile.reason}`
        : `${percentile.text}. ${percentileSource(percentile)}`;
    facts.push(['Percentile', text]);
  }
  if (mesa.kind === 'risk' && mesaInputs) {
    const { withCacPercent, withoutCacPercent } = mesa;
    const withCac = withCacPercent === null ? '' : `${withCacPercent.toFixed(1)} % with the calcium score, `;
    facts.push(
      ['10-year CHD risk', `${withCac}${withoutCacPercent.toFixed(1)} % without it; MESA, McClelland 2015`],
      ['Entered for the risk', inputsInWords(mesaInputs)],
    );
  }
  if (mesa.kind === 'refused') facts.push(['10-year CHD risk', `not given. ${mesa.reasons.join(' ')}`]);
  return facts;
}

/** Everything the risk was computed from, so that a reader can see a mistyped value. */
function inputsInWords(inputs: MesaInputs): string {
  const yes = [
    inputs.hasDiabetes && 'diabetes',
    inputs.isSmoker && 'current smoker',
    inputs.takesLipidMedication && 'lipid medication',
    inputs.takesBloodPressureMedication && 'blood pressure medication',
    inputs.hasFamilyHistory && 'family history of heart attack',
  ].filter(word => word !== false);
  return [
    `${inputs.ageYears} years`,
    inputs.sex,
    inputs.race,
    `systolic ${inputs.systolicMmHg} mmHg`,
    `cholesterol ${rounded(inputs.totalCholesterolMgPerDl)}, HDL ${rounded(inputs.hdlCholesterolMgPerDl)} mg/dL`,
    yes.join(', ') || 'no further risk factor',
  ].join(', ');
}

function rounded(value: number): number {
  return Number(value.toFixed(1));
}
