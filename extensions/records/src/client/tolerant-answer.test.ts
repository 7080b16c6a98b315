import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROUTES } from '../contract.ts';
import { parseAnswer } from './tolerant-answer.ts';

const FIXTURES = path.join(__dirname, '../../../../services/contract/fixtures/valid');

const answers = [
  [ROUTES.getSession.responses[200], 'Session'],
  [ROUTES.listPredictions.responses[200], 'PredictionPage'],
  [ROUTES.storePredictions.responses[200], 'PredictionsStored'],
] as const;
const cases = answers.flatMap(([schema, folder]) =>
  readdirSync(path.join(FIXTURES, folder)).map(
    file => [`${folder}/${file}`, schema, JSON.parse(readFileSync(path.join(FIXTURES, folder, file), 'utf8'))] as const,
  ),
);

/** The same with one more key in every object, except where keys are data. */
function withAdditions(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withAdditions);
  if (typeof json !== 'object' || json === null) return json;
  const entries = Object.entries(json).map(([key, value]) => [
    key,
    ['parameters', 'conventions', 'timingsMs'].includes(key) ? value : withAdditions(value),
  ]);
  return { ...Object.fromEntries(entries), addedLater: { by: ['a newer service'] } };
}

test.each(cases)(
  '%s of a newer service, with more in every object, is read as what is known of it',
  (_, schema, json) => {
    const { data } = schema.safeParse(json);
    expect(data).toBeDefined();
    const added = withAdditions(json);
    const before = structuredClone(added);
    expect(parseAnswer(schema, added)).toEqual({ success: true, data });
    expect(added).toEqual(before);
  },
);

test.each(cases)(
  '%s in which something known is of another type is no answer, also with additions',
  (_, schema, json) => {
    const [key] = Object.keys(json as object);
    const wrong = { ...(withAdditions(json) as object), [key!]: [[0]] };
    expect(parseAnswer(schema, wrong).success).toBe(false);
  },
);
