/** Reading a GraphQL request's body. */
import { isRecord } from '../world/is-record.ts';

/** The body of `POST /graphql`. */
export interface GraphqlRequest {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | null;
}

/** The parts of a GraphQL request's body; null without a query. */
export function graphqlRequest(body: unknown): GraphqlRequest | null {
  if (!isRecord(body) || typeof body['query'] !== 'string') return null;
  const { query, variables, operationName } = body;
  return {
    query,
    variables: isRecord(variables) ? variables : {},
    operationName: typeof operationName === 'string' ? operationName : null,
  };
}
