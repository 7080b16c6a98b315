import { type FieldProblem, isBytes, ROUTES, type Route } from '@voxelwise/contract';
import { z } from 'zod';

const MOST_PROBLEMS = 20;

type Issue = z.core.$ZodIssue;

/**
 * What of a request does not match its schema, without anything that was sent: a value may be about a patient, and so may a name
 * that the client made up.
 */
export function fieldProblems(error: z.ZodError): FieldProblem[] {
  return error.issues.flatMap(withoutUnions).slice(0, MOST_PROBLEMS).map(toFieldProblem);
}

/** Of a union, the problems of the member that was probably meant: the one that understood most. */
function withoutUnions(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const members = issue.errors.map(issues => issues.flatMap(withoutUnions));
  const [best = []] = members.sort((a, b) => misunderstood(a) - misunderstood(b));
  return best.map(inner => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

/** What is wrong with the shape near the root counts most by far: then another member was meant. */
function misunderstood(issues: readonly Issue[]): number {
  return issues.reduce((sum, { code, path }) => {
    const isOfShape = code === 'unrecognized_keys' || code === 'invalid_type' || code === 'invalid_union';
    return sum + (isOfShape ? 1000 / 10 ** path.length : 0.001);
  }, 0);
}

function toFieldProblem(issue: Issue): FieldProblem {
  return { path: pathInWords(issue.path), message: messageOf(issue) };
}

function messageOf(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${withArticle(issue.expected)}`;
    case 'too_big':
      return `must be ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${unitOf(issue.origin)}`;
    case 'too_small':
      return `must be ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${unitOf(issue.origin)}`;
    case 'invalid_format':
      return issue.format === 'regex' && issue.pattern
        ? `must match ${issue.pattern}`
        : `must be a valid ${issue.format.replaceAll('_', ' ')}`;
    case 'not_multiple_of':
      return `must be a multiple of ${issue.divisor}`;
    case 'unrecognized_keys':
      return issue.keys.length === 1
        ? 'has a field that is not known'
        : `has ${issue.keys.length} fields that are not known`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return 'matches none of the forms that are known';
    case 'invalid_key':
      return 'has a name that is not allowed';
    case 'invalid_element':
      return 'has an element that is not allowed';
    case 'custom':
      return issue.message; // Written by us, in the contract.
  }
}

function withArticle(expected: string): string {
  return /^[aeiou]/.test(expected) ? `an ${expected}` : `a ${expected}`;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters long';
  if (origin === 'array' || origin === 'set') return ' long';
  return '';
}

function pathInWords(path: readonly PropertyKey[]): string {
  const words = path.map(part => (typeof part === 'number' ? `[${part}]` : `.${knownName(part)}`)).join('');
  return words.replace(/^\./, '') || '(whole)';
}

let known: ReadonlySet<string> | undefined;

function knownName(part: PropertyKey): string {
  known ??= namesOfContract();
  return known.has(String(part)) ? String(part) : '*';
}

/** Every field name of the contract. */
function namesOfContract(): ReadonlySet<string> {
  const names = new Set<string>();
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties') for (const name of Object.keys(value as object)) names.add(name);
      collect(value);
    }
  };
  for (const { parameters, query, body } of Object.values(ROUTES) as Route[]) {
    for (const schema of [parameters, query, isBytes(body) ? undefined : body]) {
      if (schema) collect(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
    }
  }
  return names;
}
