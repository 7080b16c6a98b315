import * as z from 'zod';

/** Every problem that the service answers with: its status, and what it means. A closed set: clients may switch on the codes. */
export const PROBLEMS = {
  'malformed-json': { status: 400, title: 'The body is not JSON.' },
  'malformed-request': { status: 400, title: 'The request could not be understood.' },
  unauthenticated: { status: 401, title: 'A valid token is needed.' },
  forbidden: { status: 403, title: 'This is not allowed to you.' },
  'local-mode-refused': { status: 403, title: 'Local single-user mode answers this machine alone.' },
  'study-refused': { status: 403, title: 'You may not see this study.' },
  'not-found': { status: 404, title: 'There is nothing here that you may see.' },
  'method-not-allowed': { status: 405, title: 'This address does not know the method.' },
  'not-acceptable': { status: 406, title: 'It cannot be sent in a form that is accepted.' },
  'id-taken': { status: 409, title: 'Another record has this id.' },
  'already-read': { status: 409, title: 'This prediction has both of its reads.' },
  'not-disputed': { status: 409, title: 'There is nothing to adjudicate.' },
  'own-read': { status: 409, title: 'An adjudicator is neither the first nor the second reader.' },
  'legal-hold': { status: 409, title: 'The record is under a legal hold.' },
  'export-not-ready': { status: 409, title: 'The export is not ready.' },
  shredded: { status: 410, title: 'The record was erased.' },
  'too-large': { status: 413, title: 'The body is too large.' },
  'unsupported-media-type': { status: 415, title: 'The body has another media type.' },
  'invalid-request': { status: 422, title: 'The request does not match the contract.' },
  'site-needed': { status: 422, title: 'The site must be named.' },
  'object-missing': { status: 422, title: 'An object that is referred to was not uploaded.' },
  'digest-mismatch': { status: 422, title: 'The content has another digest.' },
  'correction-mismatch': { status: 422, title: 'The correction is of another kind.' },
  'too-many-requests': { status: 429, title: 'Too many requests.' },
  internal: { status: 500, title: 'Something went wrong in the service.' },
  unavailable: { status: 503, title: 'The service cannot answer right now.' },
  'archive-unavailable': { status: 503, title: 'The archive cannot be asked right now.' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

export const PROBLEM_CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

/** Where a request does not match the contract. Values are never repeated: they may be about a patient. */
export const fieldProblemSchema = z.strictObject({
  path: z
    .string()
    .meta({ description: 'Such as predictions[3].payload.agatston; * stands for a name that the client chose' }),
  message: z.string(),
});

/** RFC 9457 problem document. */
export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.enum(PROBLEM_CODES),
    detail: z.string(),
    requestId: z.string(),
    errors: z.array(fieldProblemSchema).optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem document with a code of a closed set' });

export type Problem = z.infer<typeof problemSchema>;
export type FieldProblem = z.infer<typeof fieldProblemSchema>;

export function problemType(code: ProblemCode): string {
  return `urn:voxelwise:problem:${code}`;
}
