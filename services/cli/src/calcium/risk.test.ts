import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fillBox, storedVolume, temporaryFolders, writeSeries } from '../testing/ct-series.test-support.ts';
import { refusalOf, run, score } from '../testing/run.test-support.ts';

const newFolder = temporaryFolders();

function jsonFile(content: unknown): string {
  const path = join(newFolder(), 'file.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** 25 slices of 4 x 4 pixels of 450 HU: a score of 400. */
const stored = storedVolume(26, 16, 16);
fillBox(stored, [0, 25], [4, 8], [4, 8], 450);
const folder = writeSeries(newFolder(), { stored });
const rois = jsonFile([{ name: 'all', centre: [6, 6], radiusMm: 4, slices: [0, 25] }]);

const man = {
  sex: 'male',
  ageYears: 65,
  race: 'White',
  systolicMmHg: 140,
  hdlCholesterolMgPerDl: 45,
  totalCholesterolMgPerDl: 210,
  hasDiabetes: false,
  isSmoker: false,
  takesLipidMedication: false,
  takesBloodPressureMedication: false,
  hasFamilyHistory: false,
};
const riskOf = async (person: unknown, ...options: string[]) =>
  (await score(folder, '--rois', rois, '--risk', jsonFile(person), ...options)).risk!;

test('a complete person has both risks, an arterial age and a bracket', async () => {
  const { mesa, arterialAgeYears, percentile } = await riskOf(man, '--percentiles', 'hoff-2001');
  if (mesa.kind !== 'risk') throw new Error(mesa.kind);
  expect([mesa.withCacPercent!.toFixed(2), mesa.withoutCacPercent.toFixed(2)]).toEqual(['13.76', '7.72']);
  expect(arterialAgeYears.toFixed(1)).toBe('82.6');
  expect(percentile).toMatchObject({
    kind: 'bracket',
    text: 'between the 50th (180) and 75th (566) reference score',
    provenance: expect.stringMatching(/^Hoff 2001: .*to be verified/),
  });
});

test('cholesterol may be in mmol/L', async () => {
  const { totalCholesterolMgPerDl: _, ...rest } = man;
  const { mesa } = await riskOf({ ...rest, totalCholesterolMmolPerL: 210 / 38.67 });
  expect(mesa).toMatchObject({ kind: 'risk', withCacPercent: expect.closeTo(13.76, 2) });
});

test('text mode prints them, and what is missing', async () => {
  const text = async (person: unknown, ...options: string[]) =>
    (await run('calcium', folder, '--rois', rois, '--risk', jsonFile(person), ...options)).out;
  const whole = await text(man, '--percentiles', 'hoff-2001');
  expect(whole).toMatch(
    /With this score +13\.76 %\n +Without the score +7\.72 %\nArterial age +82\.6 years\nPercentile +between.*\n +Of male, 65 to 69 years\. Hoff 2001:/,
  );
  expect(whole).toMatch(/Hoff 2001: 35,246 .*values to be verified/);
  const partly = await text({ sex: 'male', ageYears: null }, '--percentiles', 'hoff-2001');
  expect(partly).toMatch(/Not given, because these inputs are missing: age, race or ethnicity, systolic/);
  expect(partly).toMatch(/Percentile +not given: The percentile needs sex and age\./);
  expect(await text({ ...man, ageYears: 40 })).toMatch(
    /Not given: The MESA risk holds for ages 45 to 85, not for 40\./,
  );
});

test('a race that MESA does not know is refused there, and left to the table', async () => {
  const { mesa, percentile } = await riskOf({ ...man, race: 'Other' }, '--percentiles', 'hoff-2001');
  expect(mesa).toEqual({ kind: 'refused', reasons: [expect.stringMatching(/not "other"/)] });
  expect(percentile).toMatchObject({ kind: 'bracket' });
});

test.each<[unknown, RegExp]>([
  ['[', /risk file .* is not JSON/],
  [[man], /it must be an object/],
  [{ ...man, age: 65 }, /the key "age" is not known/],
  [{ ...man, sex: 'M' }, /sex must be "female" or "male", not "M"/],
  [{ ...man, race: 3 }, /race must be a text/],
  [{ ...man, ageYears: '65' }, /ageYears must be a number, not "65"/],
  [{ ...man, isSmoker: 'no' }, /isSmoker must be true or false, not "no"/],
  [{ ...man, totalCholesterolMmolPerL: 5 }, /totalCholesterolMgPerDl is given in two units/],
])('the risk file %j is refused', async (person, sentence) => {
  expect(await refusalOf(folder, '--rois', rois, '--risk', jsonFile(person))).toMatch(sentence);
});

describe('percentile tables', () => {
  const guide = readFileSync(join(__dirname, '../../../../docs/percentile-tables.md'), 'utf8');
  const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(guide)![1]!) as { groups: unknown[] };

  test('the example of the guide can be used', async () => {
    const { percentile } = await riskOf({ ...man, ageYears: 50 }, '--percentiles', jsonFile(example));
    expect(percentile).toMatchObject({ text: 'between the 75th (215) and 90th (554) reference score' });
    const outside = await riskOf(man, '--percentiles', jsonFile(example));
    expect(outside.percentile).toEqual({ kind: 'refused', reason: expect.stringMatching(/age of 65 .*45 to 64/) });
  });

  test('everything that is wrong with a table is said', async () => {
    const broken = jsonFile({ ...example, name: '', groups: example.groups.slice(1) });
    const args = ['--rois', rois, '--risk', jsonFile(man), '--percentiles', broken];
    expect(await refusalOf(folder, ...args)).toMatch(
      /cannot be used: The table's name must be a text\. The group "female" is missing\.$/,
    );
  });
});

test('a person whose sex or age is another than that of the scan is warned of: a file may be of another person', async () => {
  const changes = { '00100040': ['CS', 'F'], '00101010': ['AS', '064Y'] } as const;
  const scan = writeSeries(newFolder(), { stored, changes });
  const warningsFor = async (person: unknown) =>
    (await score(scan, '--rois', rois, '--risk', jsonFile(person))).warnings.filter(text => /header/.test(text));
  expect(await warningsFor({ ...man, sex: 'female' })).toEqual([]);
  expect(await warningsFor({ ...man, ageYears: 70 })).toEqual([
    "Risk and percentile are for a male person, but by the image's header the person is female.",
    "Risk and percentile are for an age of 70 years, but by the image's header the person is 64 years old.",
  ]);
});
