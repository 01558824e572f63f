/** `POST /graphql`: credentials and limits as everywhere, the rest is the mounted executor's. */
import type { Context, Json } from '../shapes/context.ts';
import type { Installation, Token } from '../world/types.ts';
import type { Answer, Call, Route } from './call.ts';
import { HttpError } from './http-error.ts';
import { bucketOf, type Bucket } from './limits.ts';
import type { Machine } from './machine.ts';
import { limitMessage } from './pipeline.ts';
import { isRecord } from './record.ts';

export interface GraphqlRequest {
  query: string;
  variables: Json;
  operationName: string | null;
}

/** Who asks, what they see (`context.world` may lag behind the true world), and their budget before this request. */
export interface GraphqlCaller {
  context: Context;
  installation: Installation;
  token: Token;
  rate: Bucket;
}

export interface GraphqlResult {
  /** `{ data?, errors? }` */
  body: Json;
  /** Points, at least 1 for what was executed; 0 for a `rateLimit(dryRun: true)`. */
  cost: number;
  /** 200 unless given. */
  status?: number;
}

/** Executes one request. */
export type Graphql = (
  request: GraphqlRequest,
  caller: GraphqlCaller,
) => GraphqlResult | Promise<GraphqlResult>;

/** The route; 404 while nothing is mounted. */
export function graphqlRoute(machine: Machine): Route {
  return {
    method: 'POST',
    path: '/graphql',
    auth: 'installation',
    handler: (call) => execute(machine, call),
  };
}

async function execute(machine: Machine, call: Call): Promise<Answer> {
  const { caller, context, body } = call;
  if (!machine.graphql) throw new HttpError(404, 'Not Found');
  if (caller.kind !== 'installation') throw new HttpError(401, 'Requires authentication');
  const rate = machine.limits.read(bucketOf(caller), 'graphql');
  if (rate.remaining <= 0) return exhausted(machine, call);
  if (typeof body['query'] !== 'string') {
    throw new HttpError(400, 'A query attribute must be specified and must be a string.');
  }
  const result = await machine.graphql(
    {
      query: body['query'],
      variables: isRecord(body['variables']) ? body['variables'] : {},
      operationName: typeof body['operationName'] === 'string' ? body['operationName'] : null,
    },
    { context, installation: caller.installation, token: caller.token, rate },
  );
  return { status: result.status ?? 200, body: result.body, cost: result.cost };
}

/** The primary limit in GraphQL: 200 with an error in either of GitHub's spellings. */
function exhausted({ limits }: Machine, { caller }: Call): Answer {
  const type = limits.graphqlType;
  const code = type === 'RATE_LIMIT' ? { code: 'graphql_rate_limit' } : {};
  return { body: { errors: [{ type, ...code, message: limitMessage(caller) }] }, cost: 0 };
}
