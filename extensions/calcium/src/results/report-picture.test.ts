import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decode } from 'fast-png';
import { assessMesaRisk, HOFF_2001, type MesaInputs, percentileOf } from '../core/index.ts';
import { describeWithPoppler, reportWith } from './report.test-support.ts';
import { renderCalciumReport } from './report.ts';

/**
 * The rendered page beside a kept picture of it, which somebody has looked at. `UPDATE_PICTURES=1 npm run test:unit -- report-picture`
 * writes the pictures anew.
 */

const DOTS_PER_INCH = 60;
/** A pixel differs when a channel does by more than this; antialiasing differs between versions of the renderer. */
const CHANNEL_TOLERANCE = 90;
/** Part of the pixels that may differ: a moved block is many times as much. */
const PART_TOLERANCE = 0.004;

const INPUTS: MesaInputs = {
  sex: 'male',
  ageYears: 65,
  race: 'white',
  systolicMmHg: 140,
  totalCholesterolMgPerDl: 210,
  hdlCholesterolMgPerDl: 45,
  hasDiabetes: false,
  isSmoker: true,
  takesLipidMedication: false,
  takesBloodPressureMedication: false,
  hasFamilyHistory: false,
};

const REPORT = reportWith({
  person: {
    percentile: percentileOf(HOFF_2001, INPUTS, 253.89),
    mesa: assessMesaRisk(INPUTS, 253.89),
    mesaInputs: INPUTS,
  },
  warnings: ['The tube voltage is 100 kV, not 120: the score cannot be compared with reference values.'],
});

function pictureOf(pdf: Uint8Array): Uint8Array {
  const folder = mkdtempSync(path.join(tmpdir(), 'voxelwise-page-'));
  try {
    writeFileSync(path.join(folder, 'page.pdf'), pdf);
    const options = ['-r', String(DOTS_PER_INCH), '-png', '-singlefile'];
    const { status, stderr } = spawnSync('pdftoppm', [...options, 'page.pdf', 'page'], { cwd: folder });
    if (status !== 0) throw new Error(`pdftoppm failed: ${stderr}`);
    return readFileSync(path.join(folder, 'page.png'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Part of the pixels that differ; 1 for pictures of different sizes. */
function differingPart(a: Uint8Array, b: Uint8Array): number {
  const [one, other] = [decode(a), decode(b)];
  if (one.width !== other.width || one.height !== other.height || one.channels !== other.channels) return 1;
  let differing = 0;
  for (let pixel = 0; pixel < one.width * one.height; pixel++) {
    for (let channel = 0; channel < one.channels; channel++) {
      const at = pixel * one.channels + channel;
      if (Math.abs(one.data[at]! - other.data[at]!) <= CHANNEL_TOLERANCE) continue;
      differing++;
      break;
    }
  }
  return differing / (one.width * one.height);
}

describeWithPoppler('the rendered page', () => {
  test.each(['a4', 'letter'] as const)('looks like the kept picture: %s', async paper => {
    const file = path.join(__dirname, `report-picture.${paper}.png`);
    const picture = pictureOf(await renderCalciumReport(REPORT, { paper }));
    if (process.env.UPDATE_PICTURES) writeFileSync(file, picture);
    expect(differingPart(picture, readFileSync(file))).toBeLessThan(PART_TOLERANCE);
  });

  test('a line more or less would be noticed', async () => {
    const kept = readFileSync(path.join(__dirname, 'report-picture.a4.png'));
    const picture = pictureOf(await renderCalciumReport({ ...REPORT, warnings: [] }));
    expect(differingPart(picture, kept)).toBeGreaterThan(PART_TOLERANCE);
  });
});
