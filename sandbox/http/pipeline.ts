/** How every API request is answered: faults, credentials, limits, the handler, ETag, headers, journal. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FaultAction } from '../faults/faults.ts';
import { alterAnswer } from './alter-answer.ts';
import { WorldError } from '../world/errors.ts';
import { authenticate, claimedInstallation } from './authenticate.ts';
import { breakAnswer, breakBefore, withoutHeaders } from './breakage.ts';
import type { Answer, Call, Caller, Route } from './call.ts';
import { graphqlRequest } from './graphql-request.ts';
import { errorBody, HttpError } from './http-error.ts';
import { bucketOf, limitHeaders, type Resource } from './limits.ts';
import type { ServerParts } from './server-parts.ts';
import { pageRequest } from './paging.ts';
import { isRecord } from '../world/is-record.ts';
import { render, send, type Wire } from './respond.ts';
import { apiVersion } from './version.ts';

/** What a route's answer cost, filled in while it is made. */
interface Account {
  caller: Caller | null;
  limited: boolean;
  points: number;
}

const NO_AGENT =
  'Request forbidden by administrative rules. Please make sure your request has a User-Agent header (https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required).';

/** A Fastify handler for the route; `resource` names the bucket it draws from. */
export function serve(sandbox: ServerParts, route: Route, resource: Resource) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const started = performance.now();
    const installationId = claimedInstallation(sandbox.world, request.headers);
    const account: Account = { caller: null, limited: false, points: 0 };
    const actions = await strikeOf(sandbox, request, resource, installationId);
    const wire = await answer(sandbox, route, resource, request, reply, actions, account);
    sandbox.journal.record({
      at: Date.now(),
      method: request.method,
      path: request.url,
      route: route.path,
      installationId,
      status: wire?.status ?? 0,
      limited: account.limited,
      points: account.points,
      durationMs: performance.now() - started,
    });
    happen(sandbox, request);
    if (wire === null || breakAnswer(actions, reply, wire)) return reply;
    return send(reply, withoutHeaders(actions, wire));
  };
}

/** Does what waits for this request to be answered. What makes no sense by then does not happen. */
function happen({ triggers, perform }: ServerParts, { method, url, body }: FastifyRequest): void {
  if (triggers.list().length === 0) return;
  const query = graphqlRequest(body)?.query;
  for (const { action, input } of triggers.answered(
    `${method} ${url}${query === undefined ? '' : ` ${query}`}`,
  )) {
    try {
      perform(action, input);
    } catch (error) {
      if (!(error instanceof WorldError)) throw error;
    }
  }
}

/** The faults that affect a request; its weight is computed only if there are any. */
async function strikeOf(
  sandbox: ServerParts,
  request: FastifyRequest,
  resource: Resource,
  installationId: number | null,
): Promise<FaultAction[]> {
  if (sandbox.faults.list().length === 0) return [];
  const { method, url, body } = request;
  if (resource === 'core') {
    const { perPage } = pageRequest(new URLSearchParams(url.split('?')[1] ?? ''));
    return sandbox.faults.strike({ method, url, installationId, query: '', pageSize: perPage, counts: 0 });
  }
  const given = graphqlRequest(body);
  const weight = given && (await sandbox.graphql.measure(given));
  const { largestPage = 0, counts = 0 } = weight ?? {};
  const query = given?.query ?? '';
  return sandbox.faults.strike({ method, url, installationId, query, pageSize: largestPage, counts });
}

async function answer(
  sandbox: ServerParts,
  route: Route,
  resource: Resource,
  request: FastifyRequest,
  reply: FastifyReply,
  actions: FaultAction[],
  account: Account,
): Promise<Wire | null> {
  const { world, faults, limits } = sandbox;
  let call: Call | null = null;
  let leave: (() => void) | null = null;
  let given: Answer;
  try {
    if (faults.settings.latencyMs > 0) await sleep(faults.settings.latencyMs);
    if (await breakBefore(actions, request, reply)) return null;
    if (!request.headers['user-agent']) throw new HttpError(403, NO_AGENT);
    const version = apiVersion(one(request.headers['x-github-api-version']));
    account.caller = await authenticate(world, faults, request.headers, route.auth);
    leave = admit(sandbox, account, route, resource);
    call = { ...callOf(sandbox, request, version, account.caller), faults: actions };
    given = alterAnswer(actions, await route.handler(call), resource === 'graphql');
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    given = { status: error.status, body: errorBody(error), headers: error.headers };
  } finally {
    leave?.();
  }
  const wire = render(given, call, world.clock.wall());
  if (account.caller && wire.status !== 304 && !route.free && !account.limited) {
    account.points = given.cost ?? 1;
    limits.spend(bucketOf(account.caller), resource, account.points);
  }
  // Failures at the edge have no rate limit headers; refusals by a fault have those of the caller.
  if (wire.status >= 500) return wire;
  const claimed = actions.length > 0 ? claimedInstallation(world, request.headers) : null;
  const key = account.caller ? bucketOf(account.caller) : String(claimed ?? 'anonymous');
  return { ...wire, headers: { ...limitHeaders(limits.read(key, resource), resource), ...wire.headers } };
}

/** Lets a request in under both kinds of limits. Throws HttpError; GraphQL's primary limit is answered by its own route. */
function admit(sandbox: ServerParts, account: Account, route: Route, resource: Resource): () => void {
  if (!account.caller || route.free) return () => undefined;
  const key = bucketOf(account.caller);
  if (sandbox.limits.read(key, resource).remaining <= 0) {
    account.limited = true;
    if (resource === 'core') throw primaryError(sandbox, account.caller);
  }
  const points = resource === 'graphql' || route.method === 'GET' ? 1 : 5;
  try {
    return sandbox.secondary.enter(key, route.path, resource, points);
  } catch (error) {
    account.limited = true;
    throw error;
  }
}

/** GitHub's words for an empty bucket. */
export function limitMessage(caller: Caller): string {
  const whose = caller.kind === 'installation' ? `installation ID ${caller.installation.id}` : 'this App';
  return `API rate limit exceeded for ${whose}.`;
}

function primaryError(sandbox: ServerParts, caller: Caller): HttpError {
  return new HttpError(sandbox.limits.primaryStatus, limitMessage(caller));
}

function callOf(sandbox: ServerParts, request: FastifyRequest, version: Call['version'], caller: Caller) {
  const [path = '', query = ''] = request.url.split('?');
  const params = isRecord(request.params) ? request.params : {};
  return {
    context: {
      world: sandbox.replica.current(graphqlRequest(request.body) === null ? 'rest' : 'graphql'),
      api: sandbox.api,
      commentLagMs: sandbox.faults.settings.commentLagSeconds * 1000,
    },
    method: request.method,
    path,
    query: new URLSearchParams(query),
    params: Object.fromEntries(Object.entries(params).map(([key, value]) => [key, String(value)])),
    body: isRecord(request.body) ? request.body : {},
    headers: request.headers,
    version,
    caller,
  };
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
