/** Reading requests: parsing, validating against the schema, choosing the operation, coercing variables. */
import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  validate,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { forbidden } from './errors.ts';
import type { GraphqlRequest } from '../http/graphql-request.ts';

/** How many different query texts are kept parsed; a mirror has a handful. */
const KEPT = 100;

/** A request that can be executed. */
export interface Prepared {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  fragments: Map<string, FragmentDefinitionNode>;
  variables: Record<string, unknown>;
}

export interface Documents {
  /** The request ready to run, or the errors it is refused with. */
  prepare(schema: GraphQLSchema, request: GraphqlRequest): Prepared | readonly GraphQLError[];
}

/** Parses each query text once. */
export function createDocuments(): Documents {
  const known = new Map<string, DocumentNode | readonly GraphQLError[]>();
  function read(schema: GraphQLSchema, query: string): DocumentNode | readonly GraphQLError[] {
    const found = known.get(query) ?? parseAndValidate(schema, query);
    if (known.size >= KEPT) known.clear();
    known.set(query, found);
    return found;
  }
  return {
    prepare: (schema, request) => {
      const document = read(schema, request.query);
      return 'kind' in document ? prepareOperation(schema, document, request) : document;
    },
  };
}

function parseAndValidate(schema: GraphQLSchema, query: string): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(query);
    const errors = validate(schema, document);
    return errors.length > 0 ? errors : document;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}

function prepareOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  request: GraphqlRequest,
): Prepared | readonly GraphQLError[] {
  const operation = getOperationAST(document, request.operationName);
  if (!operation) return [new GraphQLError('An operation name is required')];
  if (operation.operation !== OperationTypeNode.QUERY) return [forbidden()];
  const values = getVariableValues(schema, operation.variableDefinitions ?? [], request.variables);
  if (values.errors) return values.errors;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const one of document.definitions) {
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
  }
  return { schema, document, operation, fragments, variables: values.coerced };
}
