import {
  COMMON_PROBLEMS,
  PROBLEM_CODES,
  PROBLEMS,
  type ProblemCode,
  problemType,
  type Route,
} from '@voxelwise/contract';
import { examplesOf } from './examples.ts';

/** Responses of a route that are problems, by status, with every code that it may have. */
export function problemResponses({ problems }: Route): Record<string, unknown> {
  const codes = [...COMMON_PROBLEMS, ...problems];
  const statuses = [...new Set(codes.map(code => PROBLEMS[code].status))].sort((a, b) => a - b);
  const codesOf = (status: number) => codes.filter(code => PROBLEMS[code].status === status);
  return Object.fromEntries(statuses.map(status => [status, problemResponse(status, codesOf(status))]));
}

function problemResponse(status: number, codes: readonly ProblemCode[]) {
  return {
    description: codes.map(code => `\`${code}\`: ${PROBLEMS[code].title}`).join('\n\n'),
    headers: { 'X-Request-Id': { $ref: '#/components/headers/RequestId' }, ...headersOf(status) },
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(codes.map(code => [code, { $ref: `#/components/examples/${exampleName(code)}` }])),
      },
    },
  };
}

function headersOf(status: number) {
  if (status === 401) return { 'WWW-Authenticate': { $ref: '#/components/headers/Challenge' } };
  if (status === 429 || status === 503) return { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } };
  return {};
}

/** An example of every problem. */
export function problemExamples(): Record<string, unknown> {
  const golden = examplesOf('Problem') as Record<string, { requestId: string; errors?: unknown }>;
  const { requestId, errors } = golden['invalid-request']!;
  return Object.fromEntries(
    PROBLEM_CODES.map(code => {
      const { status, title } = PROBLEMS[code];
      const value = { type: problemType(code), title, status, code, detail: title, requestId };
      return [exampleName(code), { summary: title, value: code === 'invalid-request' ? { ...value, errors } : value }];
    }),
  );
}

export const problemHeaders = {
  RequestId: {
    description: 'Id of the request, also in the logs of the service',
    schema: { type: 'string', format: 'uuid' },
  },
  RetryAfter: {
    description: 'Seconds after which a repetition may succeed, where that is known',
    schema: { type: 'integer' },
  },
  Challenge: {
    description: 'Bearer: a token of the identity provider is needed',
    schema: { type: 'string', const: 'Bearer' },
  },
};

function exampleName(code: ProblemCode): string {
  return `problem.${code}`;
}
