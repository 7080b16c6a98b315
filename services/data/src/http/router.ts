import { pipeline } from 'node:stream/promises';
import { hasPermission, isBytes, ROUTES, type Route, type RouteName } from '@voxelwise/contract';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type { z } from 'zod';
import type { Principal } from '../identity/principal.ts';
import type { Services } from '../services.ts';
import { type Attempt, auditAccess, auditRefusal } from './audit-request.ts';
import type { Answer, AuditDetails, Call, Handler, Handlers } from './call.ts';
import { addressKey } from './client-address.ts';
import { contextOf } from './context.ts';
import { fieldProblems } from './field-problems.ts';
import { jsonBody, mediaTypeOf } from './json-body.ts';
import { toServiceProblem } from './map-errors.ts';
import { safeError } from './safe-error.ts';
import { ServiceProblem, sendProblem } from './service-problem.ts';

/**
 * The routes of the contract: each request is authenticated, authorized, checked against the contract, handled in a transaction with
 * its audit event, and its answer checked against the contract. Refusals leave an audit event, too.
 */
export function contractRouter(services: Services, handlers: Handlers): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const methodsByPath = new Map<string, string[]>();
  for (const [name, route] of Object.entries(ROUTES) as [RouteName, Route][]) {
    const path = expressPath(route.path);
    router[route.method](path, routeHandler(services, name, route, handlers[name] as Handler<RouteName>));
    methodsByPath.set(path, [...(methodsByPath.get(path) ?? []), route.method.toUpperCase()]);
  }
  for (const [path, methods] of methodsByPath) {
    router.all(path, (request, response) => {
      response.set('Allow', methods.join(', '));
      sendProblem(response, new ServiceProblem('method-not-allowed'), contextOf(request).requestId);
    });
  }
  return router;
}

/** A path of the contract, /predictions/{id}, as Express writes it. */
function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function routeHandler(services: Services, name: RouteName, route: Route, handler: Handler<RouteName>): RequestHandler {
  return async (request, response) => {
    const context = contextOf(request);
    context.route = name;
    const attempt: Attempt = { context, principal: null, request, name };
    try {
      const answer = await answerOf(services, route, handler, attempt, response);
      await send(response, route, answer);
    } catch (error) {
      const problem = toServiceProblem(error);
      context.problem = problem.code;
      if (problem.status >= 500)
        services.logger.error({
          requestId: context.requestId,
          route: name,
          code: problem.code,
          error: safeError(error),
        });
      if (!attempt.isCommitted) await auditRefusal(services, attempt, problem);
      sendProblem(response, problem, context.requestId);
    }
  };
}

async function answerOf(
  services: Services,
  route: Route,
  handler: Handler<RouteName>,
  attempt: Attempt,
  response: Response,
): Promise<Answer<RouteName>> {
  const { request, context, name } = attempt;
  const principal = await signIn(services, attempt);
  attempt.principal = principal;
  context.person = principal.person;
  if (route.permission && !hasPermission(principal.roles, route.permission)) {
    throw new ServiceProblem(
      'forbidden',
      `This needs the permission ${route.permission}, which your roles do not have.`,
    );
  }
  await context.limits.person(principal.person);

  const call = {
    requestId: context.requestId,
    principal,
    parameters: parse(route.parameters, request.params, 'The address'),
    query: parseQuery(route.query, request),
    body: await bodyOf(services, route, request, response),
    bytes: request,
    mediaType: mediaTypeOf(request),
    authorization: request.headers.authorization,
    signal: context.signal,
    audited: async (...[work, options]: Parameters<Call<RouteName>['audited']>) => {
      if (attempt.isCommitted) throw new Error(`${name} has more than one audited transaction.`);
      const result = await services.database.transaction(async transaction => {
        const details: AuditDetails = {};
        const worked = await work(transaction, details);
        await auditAccess(services, transaction, attempt, details);
        return worked;
      }, options);
      attempt.isCommitted = true;
      return result;
    },
  } as Call<RouteName>;
  const answer = await handler(call);
  if (!attempt.isCommitted) throw new Error(`${name} succeeded without an audit event.`);
  return answer;
}

/** @throws ServiceProblem for whoever is refused, and for whoever was refused too often of late */
async function signIn({ authentication }: Services, { request, context }: Attempt): Promise<Principal> {
  try {
    return await authentication.authenticate(request);
  } catch (error) {
    const isRefusal = error instanceof ServiceProblem && error.status < 500;
    if (isRefusal) await context.limits.refusedSignIn(addressKey(request));
    throw error;
  }
}

function parse(schema: z.ZodType | undefined, value: unknown, what: string): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ServiceProblem('invalid-request', `${what} does not match the contract.`, {
    errors: fieldProblems(parsed.error),
  });
}

function parseQuery(schema: z.ZodType | undefined, request: Request): unknown {
  if (!schema && Object.keys(request.query).length > 0) {
    throw new ServiceProblem('invalid-request', 'This address takes no query.');
  }
  return parse(schema, { ...request.query }, 'The query');
}

async function bodyOf(
  { configuration }: Services,
  route: Route,
  request: Request,
  response: Response,
): Promise<unknown> {
  const { body } = route;
  if (!body) return undefined;
  if (isBytes(body)) {
    if (!body.mediaTypes.includes(mediaTypeOf(request))) {
      throw new ServiceProblem(
        'unsupported-media-type',
        `The media type must be one of ${body.mediaTypes.join(', ')}.`,
      );
    }
    if (Number(request.headers['content-length']) > configuration.objectLimitBytes) {
      throw new ServiceProblem('too-large', `The body is larger than ${configuration.objectLimitBytes} bytes.`);
    }
    return undefined;
  }
  return parse(body, await jsonBody(request, response, configuration.bodyLimitBytes), 'The body');
}

async function send(response: Response, route: Route, answer: Answer<RouteName>): Promise<void> {
  response.status(answer.status).set('Cache-Control', 'no-store');
  if ('bytes' in answer) {
    response.type(answer.mediaType).set('Content-Length', String(answer.sizeBytes));
    response.set('Content-Disposition', `attachment; filename="${answer.fileName ?? 'object'}"`);
    await pipeline(answer.bytes, response);
    return;
  }
  const schema = route.responses[answer.status];
  if (!schema) throw new Error(`The contract has no answer ${answer.status} here.`);
  // Nothing leaves that the contract does not know: a field too many might be about a patient.
  response.json(schema.parse(answer.json));
}
