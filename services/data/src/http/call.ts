import type { Readable } from 'node:stream';
import type { RouteAnswer, RouteBody, RouteName, RouteParameters, RouteQuery } from '@voxelwise/contract';
import type { AuditEventInput } from '../audit/audit-event.ts';
import type { Transaction, TransactionOptions } from '../database/connection.ts';
import type { Principal } from '../identity/principal.ts';

type EventDetails = Partial<
  Pick<
    AuditEventInput,
    'site' | 'studyUid' | 'entities' | 'detail' | 'emergencyAccessId' | 'purposeOfUse' | 'type' | 'action'
  >
>;

/** What a handler adds to the audit event of its call. Everything else of the event is known to the router. */
export interface AuditDetails extends EventDetails {
  /** Where records of several sites are touched: what differs in the event of each, so that no auditor sees another site's. */
  bySite?: readonly EventDetails[];
}

/** One authorized request, as its handler sees it. */
export interface Call<Name extends RouteName> {
  readonly requestId: string;
  readonly principal: Principal;
  readonly parameters: RouteParameters<Name>;
  readonly query: RouteQuery<Name>;
  readonly body: RouteBody<Name>;
  /** The body of a route that takes bytes, not read yet. */
  readonly bytes: Readable;
  readonly mediaType: string;
  /** The request's Authorization header, for asking the archive on the caller's behalf. */
  readonly authorization: string | undefined;
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal;
  /**
   * Runs the work of the call in one transaction with its audit event: both are committed, or neither. Every handler that
   * succeeds has called it exactly once. The work may run again where it collides with another transaction.
   */
  audited<Result>(
    work: (transaction: Transaction, audit: AuditDetails) => Promise<Result>,
    options?: TransactionOptions,
  ): Promise<Result>;
}

export interface JsonAnswer<Name extends RouteName> {
  readonly status: number;
  readonly json: RouteAnswer<Name>;
}

export interface BytesAnswer {
  readonly status: number;
  readonly bytes: Readable;
  readonly mediaType: string;
  readonly sizeBytes: number;
  readonly fileName?: string;
}

export type Answer<Name extends RouteName> = JsonAnswer<Name> | BytesAnswer;

export type Handler<Name extends RouteName> = (call: Call<Name>) => Promise<Answer<Name>>;

export type Handlers = { readonly [Name in RouteName]: Handler<Name> };
