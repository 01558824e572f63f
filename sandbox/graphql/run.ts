/** Executing a prepared query over the world. */
import {
  defaultFieldResolver,
  execute,
  Kind,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFieldResolver,
} from 'graphql';
import { checkBounds } from './bounds.ts';
import type { Prepared } from './documents.ts';
import { notSimulated } from './errors.ts';
import type { Measure } from './measure.ts';
import type { Json } from '../world/context.ts';
import type { Viewer } from './viewer.ts';

/** The root of an answer: `Query`, of which only what is asked for is looked at. */
export type QueryRoot = (viewer: Viewer, measure: Measure) => Json;

/** Answers a query as the viewer may see it. */
export async function run(
  prepared: Prepared,
  measure: Measure,
  viewer: Viewer,
  root: QueryRoot,
): Promise<ExecutionResult> {
  return execute({
    schema: prepared.schema,
    document: measure.dryRun ? onlyRateLimit(prepared) : prepared.document,
    operationName: prepared.operation.name?.value ?? null,
    variableValues: prepared.variables,
    rootValue: root(viewer, measure),
    fieldResolver: resolveField,
  });
}

const resolveField: GraphQLFieldResolver<unknown, unknown, Record<string, unknown>> = (
  source,
  args,
  context,
  info,
) => {
  if (typeof source !== 'object' || source === null || !(info.fieldName in source)) {
    throw notSimulated(`${info.parentType.name}.${info.fieldName}`);
  }
  checkBounds(args, info);
  return defaultFieldResolver(source, args, context, info);
};

/** A dry run looks at nothing but the cost. */
function onlyRateLimit({ document, operation }: Prepared): DocumentNode {
  const selections = operation.selectionSet.selections.filter(
    (one) => one.kind === Kind.FIELD && one.name.value === 'rateLimit',
  );
  const dry = { ...operation, selectionSet: { ...operation.selectionSet, selections } };
  return { ...document, definitions: document.definitions.map((one) => (one === operation ? dry : one)) };
}
