/** The rules for `first` and `last`, the same for every connection. */
import { getNamedType, isCompositeType, type FieldNode, type GraphQLResolveInfo } from 'graphql';
import { failure } from './errors.ts';
import { selectedFields } from './selections.ts';

const LARGEST = 100;

/**
 * Refuses a connection without, or with wrong, boundaries. Only `totalCount` (and what a connection has besides its items) may
 * be asked without them. Throws GraphQLError.
 */
export function checkBounds(args: Record<string, unknown>, info: GraphQLResolveInfo): void {
  const type = getNamedType(info.returnType);
  if (!type.name.endsWith('Connection')) return;
  const name = info.fieldName;
  const { first, last } = args;
  if (typeof first !== 'number' && typeof last !== 'number') {
    if (wantsItems(info)) throw failure('MISSING_PAGINATION_BOUNDARIES', missing(name));
    return;
  }
  if (typeof first === 'number' && typeof last === 'number') {
    const text = `Passing both \`first\` and \`last\` values to paginate the \`${name}\` connection is not supported.`;
    throw failure('EXCESSIVE_PAGINATION', text);
  }
  checkSize(name, 'first', first);
  checkSize(name, 'last', last);
}

function missing(name: string): string {
  return `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`;
}

function checkSize(name: string, argument: string, size: unknown): void {
  if (typeof size !== 'number') return;
  if (size > LARGEST) {
    const text = `Requesting ${size} records on the \`${name}\` connection exceeds the \`${argument}\` limit of ${LARGEST} records.`;
    throw failure('EXCESSIVE_PAGINATION', text);
  }
  if (size < 0) {
    const text = `\`${argument}\` on the \`${name}\` connection cannot be less than zero.`;
    throw failure('ARGUMENT_LIMIT', text);
  }
}

function wantsItems(info: GraphQLResolveInfo): boolean {
  const type = getNamedType(info.returnType);
  if (!isCompositeType(type)) return false;
  const fragments = new Map(Object.entries(info.fragments));
  const sets = info.fieldNodes.map((node: FieldNode) => node.selectionSet).filter((set) => set !== undefined);
  const source = { schema: info.schema, fragments, variables: info.variableValues };
  return selectedFields(source, type, sets).some(({ field }) =>
    ['nodes', 'edges', 'pageInfo'].includes(field.name.value),
  );
}
