/** GitHub's GraphQL API over the sandbox's world. */
import type { GraphQLError } from 'graphql';
import type { Json } from '../world/context.ts';
import type { GraphqlRequest } from '../http/graphql-request.ts';
import { createDocuments } from './documents.ts';
import { errorShape, failure } from './errors.ts';
import { measure, type Measure } from './measure.ts';
import { run, type QueryRoot } from './run.ts';
import { githubSchema } from './schema.ts';
import type { Viewer } from './viewer.ts';

export type { Viewer } from './viewer.ts';

export interface GraphqlAnswer {
  /** `{ data?, errors? }`; errors come with HTTP status 200 too. */
  body: Json;
  /** The points to take from the bucket; 0 for a dry run. */
  cost: number;
}

export interface Graphql {
  /** How heavy a request is, before it is run; null for one that would be refused. For faults that depend on it. */
  measure: (request: GraphqlRequest) => Promise<Measure | null>;
  /** Executes a request as the viewer may see it. Credentials and limits are the HTTP layer's. */
  answer: (request: GraphqlRequest, viewer: Viewer) => Promise<GraphqlAnswer>;
}

/** For the process, like the schema: a text means the same to every sandbox, and each test has a sandbox of its own. */
const documents = createDocuments();

/** The API; the schema is read with the first request and kept for the process. */
export function createGraphql(root: QueryRoot): Graphql {
  return {
    measure: async (request) => {
      const prepared = documents.prepare(await githubSchema(), request);
      return 'document' in prepared ? measure(prepared) : null;
    },
    answer: async (request, viewer) => {
      const prepared = documents.prepare(await githubSchema(), request);
      if (!('document' in prepared)) return refused(prepared);
      const measured = measure(prepared);
      const { cost, tooManyNodes, dryRun } = measured;
      if (tooManyNodes !== null) return refused([failure('MAX_NODE_LIMIT_EXCEEDED', tooManyNodes)]);
      const { data, errors } = await run(prepared, measured, viewer, root);
      return { body: { data, ...(errors && { errors: errors.map(errorShape) }) }, cost: dryRun ? 0 : cost };
    },
  };
}

/** Not run at all: errors without data. It costs the least there is. */
function refused(errors: readonly GraphQLError[]): GraphqlAnswer {
  return { body: { errors: errors.map(errorShape) }, cost: 1 };
}
