/**
 * The cost and weight of a query, computed from its text and variables alone, as GitHub does before it runs
 * one.
 */
import {
  getArgumentValues,
  getNamedType,
  isCompositeType,
  isUnionType,
  type GraphQLCompositeType,
  type SelectionSetNode,
} from 'graphql';
import type { Prepared } from './documents.ts';
import { selectedFields, type Selected } from './selections.ts';

/** The number of nodes a query may request. Source: "Rate limits and query limits for the GraphQL API". */
const MAX_NODES = 500_000;

export interface Measure {
  /** Points: the requests needed to fill every connection when each page is full, by 100, rounded, at least 1. Same source. */
  cost: number;
  /** The nodes it may return at most. */
  nodeCount: number;
  /** How many `totalCount`s GitHub would have to compute: parents × counts. These are what makes real sweeps time out. */
  counts: number;
  /** The largest `first` or `last`, variables included. */
  largestPage: number;
  /** `rateLimit(dryRun: true)`: only the cost is requested. */
  dryRun: boolean;
  /** Set where the limit of nodes is exceeded: GitHub's message. */
  tooManyNodes: string | null;
}

interface Measuring extends Measure {
  prepared: Prepared;
  requests: number;
}

/** Measures a prepared query. */
export function measure(prepared: Prepared): Measure {
  const measuring: Measuring = {
    prepared,
    requests: 0,
    cost: 1,
    nodeCount: 0,
    counts: 0,
    largestPage: 0,
    dryRun: false,
    tooManyNodes: null,
  };
  const root = prepared.schema.getQueryType();
  if (root) visit(measuring, root, [prepared.operation.selectionSet], 1);
  const { nodeCount, counts, largestPage, dryRun, tooManyNodes } = measuring;
  const cost = Math.max(1, Math.round(measuring.requests / 100));
  return { cost, nodeCount, counts, largestPage, dryRun, tooManyNodes };
}

function visit(
  measuring: Measuring,
  type: GraphQLCompositeType,
  sets: readonly SelectionSetNode[],
  parents: number,
): void {
  for (const selected of selectedFields(measuring.prepared, type, sets)) {
    const { parent, field, below } = selected;
    const definition = isUnionType(parent) ? undefined : parent.getFields()[field.name.value];
    if (!definition) continue;
    const args = getArgumentValues(definition, field, measuring.prepared.variables);
    const result = getNamedType(definition.type);
    if (args['dryRun'] === true) measuring.dryRun = true;
    if (!isCompositeType(result)) continue;
    visit(measuring, result, below, parents * enter(measuring, selected, result, args, parents));
  }
}

/** Counts a field in; answers how many nodes it has for each parent. */
function enter(
  measuring: Measuring,
  { parent, field, below }: Selected,
  result: GraphQLCompositeType,
  args: Record<string, unknown>,
  parents: number,
): number {
  const isNodes = parent.name === 'Query' && field.name.value === 'nodes';
  if (!isNodes && !result.name.endsWith('Connection')) return 1;
  const size = isNodes ? sizeOf(args['ids']) : pageOf(args);
  measuring.requests += parents;
  measuring.nodeCount += parents * size;
  if (isNodes) return size;
  measuring.largestPage = Math.max(measuring.largestPage, size);
  const counted = selectedFields(measuring.prepared, result, below).some(
    (one) => one.field.name.value === 'totalCount',
  );
  if (counted) measuring.counts += parents;
  if (measuring.nodeCount > MAX_NODES)
    measuring.tooManyNodes ??= tooMany(field.name.value, measuring.nodeCount);
  return size;
}

function pageOf({ first, last }: Record<string, unknown>): number {
  const size = first ?? last;
  return typeof size === 'number' ? size : 0;
}

function sizeOf(ids: unknown): number {
  return Array.isArray(ids) ? ids.length : 0;
}

function tooMany(field: string, nodes: number): string {
  const asked = nodes.toLocaleString('en-US');
  return `By the time this query traverses to the ${field} connection, it is requesting up to ${asked} possible nodes which exceeds the maximum limit of 500,000.`;
}
