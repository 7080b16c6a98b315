import * as z from 'zod';
import {
  administeredSchema,
  consentInputSchema,
  emergencyInputSchema,
  emergencyListSchema,
  emergencySchema,
  retentionInputSchema,
  shredInputSchema,
} from './administration.ts';
import { auditBundleSchema, consistencyProofSchema, inclusionProofSchema, treeHeadSchema } from './audit.ts';
import { exportInputSchema, exportListSchema, exportSchema } from './export.ts';
import { metricsSchema } from './metrics.ts';
import { objectStoredSchema } from './object.ts';
import { kindSchema } from './payload.ts';
import {
  predictionBatchSchema,
  predictionDetailSchema,
  predictionInputSchema,
  predictionSchema,
  predictionsStoredSchema,
  tombstoneSchema,
} from './prediction.ts';
import {
  labelSchema,
  momentSchema,
  recordIdSchema,
  sha256Schema,
  siteSchema,
  tokenSchema,
  uidSchema,
} from './primitives.ts';
import type { ProblemCode } from './problem.ts';
import { REVIEW_STATUSES, reviewInputSchema, reviewStoredSchema, TRUTH_LEVELS } from './review.ts';
import type { Permission } from './roles.ts';
import { sessionSchema } from './session.ts';

/** Bytes instead of JSON. */
export interface BytesBody {
  readonly mediaTypes: readonly string[];
}

/** One address of the service. The router, the OpenAPI document, the tests of who may do what and the client are made from it. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Below /api, with parameters as {name}. */
  readonly path: string;
  readonly summary: string;
  /** Null: open to everybody. */
  readonly permission: Permission | null;
  readonly parameters?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType | BytesBody;
  /** By status; null for bytes, of a media type that the answer names. */
  readonly responses: Readonly<Record<number, z.ZodType | null>>;
  /** Beside those that every route has (COMMON_PROBLEMS). */
  readonly problems: readonly ProblemCode[];
}

export const COMMON_PROBLEMS: readonly ProblemCode[] = [
  'malformed-request',
  'unauthenticated',
  'forbidden',
  'local-mode-refused',
  'invalid-request',
  'too-many-requests',
  'internal',
  'unavailable',
];

const id = z.strictObject({ id: recordIdSchema });
const limit = z.coerce.number().int().min(1).max(200).optional();
const cursor = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,200}$/)
  .optional()
  .meta({ description: '`next` of the page before' });

const page = <Item extends z.ZodType>(item: Item, name: string) =>
  z.strictObject({ items: z.array(item), next: z.string().nullable() }).meta({ id: name });

const bodies: readonly ProblemCode[] = ['malformed-json', 'too-large', 'unsupported-media-type'];
const records: readonly ProblemCode[] = ['not-found', 'study-refused', 'archive-unavailable'];

export const ROUTES = {
  getSession: {
    method: 'get',
    path: '/session',
    summary: 'Who the service takes you for, and what you may do',
    permission: 'session:read',
    responses: { 200: sessionSchema },
    problems: [],
  },
  storePredictions: {
    method: 'post',
    path: '/predictions',
    summary: 'Stores one prediction, or a batch: all or none. Repeating the same is harmless',
    permission: 'predictions:write',
    body: z.union([predictionInputSchema, predictionBatchSchema]),
    responses: { 201: predictionsStoredSchema, 200: predictionsStoredSchema },
    problems: [...bodies, 'id-taken', 'site-needed', 'object-missing', 'study-refused', 'archive-unavailable'],
  },
  listPredictions: {
    method: 'get',
    path: '/predictions',
    summary: 'Predictions, newest first',
    permission: 'predictions:read',
    query: z.strictObject({
      site: siteSchema.optional(),
      kind: kindSchema.optional(),
      studyUid: uidSchema.optional(),
      seriesUid: uidSchema.optional(),
      algorithmName: labelSchema.optional(),
      algorithmVersion: labelSchema.optional(),
      status: z.enum(REVIEW_STATUSES).optional().meta({ description: 'Not for reviewers, who read blinded' }),
      from: momentSchema.optional(),
      until: momentSchema.optional(),
      limit,
      cursor,
    }),
    responses: { 200: page(predictionSchema, 'PredictionPage') },
    problems: ['study-refused', 'archive-unavailable'],
  },
  readQueue: {
    method: 'get',
    path: '/review-queue',
    summary: 'Unreviewed predictions, least confident first; those without a confidence come first of all',
    permission: 'queue:read',
    query: z.strictObject({ site: siteSchema.optional(), kind: kindSchema.optional(), limit, cursor }),
    responses: { 200: page(predictionSchema, 'QueuePage') },
    problems: ['archive-unavailable'],
  },
  readPrediction: {
    method: 'get',
    path: '/predictions/{id}',
    summary: 'One prediction with its reviews, as far as you may see them',
    permission: 'predictions:read',
    parameters: id,
    responses: { 200: predictionDetailSchema },
    problems: records,
  },
  reviewPrediction: {
    method: 'post',
    path: '/predictions/{id}/reviews',
    summary: 'Accepts, rejects or edits. A reader reviews what the reader has sent; reviewers review everything',
    permission: 'reviews:write',
    parameters: id,
    body: reviewInputSchema,
    responses: { 201: reviewStoredSchema, 200: reviewStoredSchema },
    problems: [
      ...bodies,
      ...records,
      'id-taken',
      'already-read',
      'not-disputed',
      'own-read',
      'shredded',
      'object-missing',
      'correction-mismatch',
    ],
  },
  setConsent: {
    method: 'put',
    path: '/predictions/{id}/consent',
    summary: 'Records consent, or its refusal',
    permission: 'records:administer',
    parameters: id,
    body: consentInputSchema,
    responses: { 200: administeredSchema },
    problems: [...bodies, 'not-found', 'shredded'],
  },
  setRetention: {
    method: 'put',
    path: '/predictions/{id}/retention',
    summary: 'Sets how long the record is kept, and legal hold',
    permission: 'records:administer',
    parameters: id,
    body: retentionInputSchema,
    responses: { 200: administeredSchema },
    problems: [...bodies, 'not-found', 'shredded'],
  },
  shredPrediction: {
    method: 'post',
    path: '/predictions/{id}/shredding',
    summary: 'Erases the record by destroying its key and content; a tombstone stays',
    permission: 'records:administer',
    parameters: id,
    body: shredInputSchema,
    responses: { 200: tombstoneSchema },
    problems: [...bodies, 'not-found', 'legal-hold'],
  },
  writeObject: {
    method: 'put',
    path: '/objects/{sha256}',
    summary: 'Uploads a mask or another large payload, before the record that refers to it',
    permission: 'objects:write',
    parameters: z.strictObject({ sha256: sha256Schema }),
    query: z.strictObject({ site: siteSchema.optional() }),
    body: { mediaTypes: ['application/vnd.voxelwise.mask', 'application/dicom', 'application/octet-stream'] },
    responses: { 201: objectStoredSchema, 200: objectStoredSchema },
    problems: ['too-large', 'unsupported-media-type', 'digest-mismatch', 'site-needed'],
  },
  readObject: {
    method: 'get',
    path: '/predictions/{id}/objects/{name}',
    summary: 'The bytes of an object of a prediction',
    permission: 'objects:read',
    parameters: z.strictObject({ id: recordIdSchema, name: tokenSchema }),
    responses: { 200: null },
    problems: [...records, 'shredded'],
  },
  readMetrics: {
    method: 'get',
    path: '/metrics',
    summary: 'Per kind and algorithm version: counts, rates and errors with their intervals',
    permission: 'metrics:read',
    query: z.strictObject({
      site: siteSchema.optional(),
      kind: kindSchema.optional(),
      truthLevel: z.enum(TRUTH_LEVELS).optional().meta({ description: 'At least this; default single' }),
      from: momentSchema.optional(),
      until: momentSchema.optional(),
    }),
    responses: { 200: metricsSchema },
    problems: [],
  },
  requestExport: {
    method: 'post',
    path: '/exports',
    summary: 'Starts an export: a disclosure, audited as one',
    permission: 'exports:write',
    body: exportInputSchema,
    responses: { 202: exportSchema, 200: exportSchema },
    problems: [...bodies, 'id-taken', 'site-needed', 'not-found'],
  },
  listExports: {
    method: 'get',
    path: '/exports',
    summary: 'Exports of your sites, newest first',
    permission: 'exports:read',
    query: z.strictObject({ site: siteSchema.optional(), limit }),
    responses: { 200: exportListSchema },
    problems: [],
  },
  readExport: {
    method: 'get',
    path: '/exports/{id}',
    summary: 'How an export stands, and its manifest',
    permission: 'exports:read',
    parameters: id,
    responses: { 200: exportSchema },
    problems: ['not-found'],
  },
  cancelExport: {
    method: 'delete',
    path: '/exports/{id}',
    summary: 'Cancels an export that is under way, or removes the files of one that is ready',
    permission: 'exports:write',
    parameters: id,
    responses: { 200: exportSchema },
    problems: ['not-found'],
  },
  readExportFile: {
    method: 'get',
    path: '/exports/{id}/files/{name}',
    summary: 'Downloads a file of an export: a disclosure, audited as one',
    permission: 'exports:read',
    parameters: z.strictObject({ id: recordIdSchema, name: tokenSchema }),
    responses: { 200: null },
    problems: ['not-found', 'export-not-ready'],
  },
  takeEmergencyAccess: {
    method: 'post',
    path: '/emergency-access',
    summary: 'Break-glass: access with a reason, for four hours, visible to the auditor at once',
    permission: 'emergency:take',
    body: emergencyInputSchema,
    responses: { 201: emergencySchema, 200: emergencySchema },
    problems: [...bodies, 'id-taken'],
  },
  listEmergencyAccess: {
    method: 'get',
    path: '/emergency-access',
    summary: 'Emergency accesses of your sites, newest first',
    permission: 'emergency:read',
    query: z.strictObject({ site: siteSchema.optional(), limit }),
    responses: { 200: emergencyListSchema },
    problems: [],
  },
  readAudit: {
    method: 'get',
    path: '/audit',
    summary: 'Audit events as FHIR AuditEvent, newest first',
    permission: 'audit:read',
    query: z.strictObject({
      site: siteSchema.optional(),
      actor: z
        .string()
        .regex(/^p[1-9][0-9]*:[A-Za-z0-9_-]{43}$/)
        .optional()
        .meta({ description: 'Pseudonym' }),
      type: tokenSchema.optional(),
      studyUid: uidSchema.optional(),
      from: momentSchema.optional(),
      until: momentSchema.optional(),
      limit,
      cursor,
    }),
    responses: { 200: auditBundleSchema },
    problems: [],
  },
  readTreeHead: {
    method: 'get',
    path: '/audit/tree-head',
    summary: 'The newest signed head of the audit tree',
    permission: 'audit:read',
    responses: { 200: treeHeadSchema },
    problems: ['not-found'],
  },
  proveInclusion: {
    method: 'get',
    path: '/audit/proof/inclusion',
    summary: 'Proves that an event is in the tree',
    permission: 'audit:read',
    query: z.strictObject({ event: z.uuid(), size: z.coerce.number().int().min(1).optional() }),
    responses: { 200: inclusionProofSchema },
    problems: ['not-found'],
  },
  proveConsistency: {
    method: 'get',
    path: '/audit/proof/consistency',
    summary: 'Proves that a later tree holds an earlier one unchanged',
    permission: 'audit:read',
    query: z.strictObject({ first: z.coerce.number().int().min(0), second: z.coerce.number().int().min(0) }),
    responses: { 200: consistencyProofSchema },
    problems: ['not-found'],
  },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;

type ShapeOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** What a handler gets, and what a client sends, by route. */
export type RouteParameters<Name extends RouteName> = (typeof ROUTES)[Name] extends { parameters: infer P }
  ? ShapeOf<P>
  : undefined;
export type RouteQuery<Name extends RouteName> = (typeof ROUTES)[Name] extends { query: infer Q }
  ? ShapeOf<Q>
  : undefined;
export type RouteBody<Name extends RouteName> = (typeof ROUTES)[Name] extends { body: infer B }
  ? B extends z.ZodType
    ? z.output<B>
    : undefined
  : undefined;
/** The JSON that a route answers with; null for bytes. */
export type RouteAnswer<Name extends RouteName> = {
  [Status in keyof (typeof ROUTES)[Name]['responses']]: (typeof ROUTES)[Name]['responses'][Status] extends z.ZodType
    ? z.output<(typeof ROUTES)[Name]['responses'][Status]>
    : null;
}[keyof (typeof ROUTES)[Name]['responses']];

export function isBytes(body: z.ZodType | BytesBody | undefined): body is BytesBody {
  return body !== undefined && 'mediaTypes' in body;
}
