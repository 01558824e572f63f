/** `POST /graphql`: credentials and limits as everywhere, the rest is the mounted executor's. */
import type { Answer, Call, Route } from '../http/call.ts';
import { graphqlRequest } from '../http/graphql-request.ts';
import { HttpError } from '../http/http-error.ts';
import { bucketOf } from '../http/limits.ts';
import type { Limits } from '../http/limits.ts';
import type { Graphql } from './index.ts';
import { limitMessage } from '../http/pipeline.ts';

interface Asked {
  limits: Limits;
  graphql: Graphql;
}

/** The route. */
export function graphqlRoute(sandbox: Asked): Route {
  return {
    method: 'POST',
    path: '/graphql',
    auth: 'installation',
    handler: (call) => execute(sandbox, call),
  };
}

async function execute(sandbox: Asked, call: Call): Promise<Answer> {
  const { caller, context, body } = call;
  if (caller.kind !== 'installation') throw new HttpError(401, 'Requires authentication');
  const rate = sandbox.limits.read(bucketOf(caller), 'graphql');
  if (rate.remaining <= 0) return empty(sandbox, call);
  const request = graphqlRequest(body);
  if (!request) throw new HttpError(400, 'A query attribute must be specified and must be a string.');
  const broken = call.faults.find(({ kind }) => kind === 'graphql-error');
  if (broken) return { body: { data: null, errors: [{ message: SOMETHING_WRONG }] } };
  const older = call.faults.find((fault) => fault.kind === 'undefined-field');
  if (older && new RegExp(`\\b${older.field}\\b`).test(request.query)) return undefinedField(older);
  const exhausted = call.faults.some(({ kind }) => kind === 'resource-limits');
  const { installation, token } = caller;
  const result = await sandbox.graphql.answer(request, { context, installation, token, rate, exhausted });
  return { body: result.body, cost: result.cost };
}

const SOMETHING_WRONG =
  'Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug.';

/** As GitHub refuses a query that its schema does not allow: without data (sapling#906). */
function undefinedField({ type, field }: { type: string; field: string }): Answer {
  const error = {
    path: ['query', field],
    extensions: { code: 'undefinedField', typeName: type, fieldName: field },
    locations: [{ line: 1, column: 1 }],
    message: `Field '${field}' doesn't exist on type '${type}'`,
  };
  return { body: { errors: [error] } };
}

/** The primary limit in GraphQL: 200 with an error in either of GitHub's spellings. */
function empty({ limits }: Asked, { caller }: Call): Answer {
  const type = limits.graphqlType;
  const code = type === 'RATE_LIMIT' ? { code: 'graphql_rate_limit' } : {};
  return { body: { errors: [{ type, ...code, message: limitMessage(caller) }] }, cost: 0 };
}
