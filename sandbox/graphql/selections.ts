/** The fields a query asks for, with fragments opened and `@skip`/`@include` applied. */
import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isCompositeType,
  Kind,
  type FieldNode,
  type GraphQLCompositeType,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Prepared } from './documents.ts';

/** All mentions of one field of the answer; they are merged into one. */
export interface Selected {
  /** The type the field belongs to: that of the fragment it is written in. */
  parent: GraphQLCompositeType;
  /** The first mention; all have the same arguments. */
  field: FieldNode;
  /** The fields requested below it. */
  below: SelectionSetNode[];
}

type Source = Pick<Prepared, 'schema' | 'fragments' | 'variables'>;

/** The fields that `sets` select on `type`, each once. */
export function selectedFields(
  source: Source,
  type: GraphQLCompositeType,
  sets: readonly SelectionSetNode[],
): Selected[] {
  const found = new Map<string, Selected>();
  for (const set of sets) collect(source, type, set, found);
  return [...found.values()];
}

function collect(
  source: Source,
  type: GraphQLCompositeType,
  set: SelectionSetNode,
  found: Map<string, Selected>,
): void {
  for (const selection of set.selections) {
    if (!isIncluded(source, selection)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = `${type.name}.${(selection.alias ?? selection.name).value}`;
      const known = found.get(key) ?? { parent: type, field: selection, below: [] };
      if (selection.selectionSet) known.below.push(selection.selectionSet);
      found.set(key, known);
      continue;
    }
    const fragment =
      selection.kind === Kind.INLINE_FRAGMENT ? selection : source.fragments.get(selection.name.value);
    if (!fragment) continue;
    const named = fragment.typeCondition && source.schema.getType(fragment.typeCondition.name.value);
    collect(source, isCompositeType(named) ? named : type, fragment.selectionSet, found);
  }
}

function isIncluded({ variables }: Source, node: SelectionNode): boolean {
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false;
}
