/** `Query`: where every question starts. */
import type { Json } from '../world/context.ts';
import { accountByLogin } from '../world/lookup.ts';
import type { AccountType } from '../world/types.ts';
import { failure, notFound, resourceLimits } from '../graphql/errors.ts';
import type { Measure } from '../graphql/measure.ts';
import type { Reading, Viewer } from '../graphql/viewer.ts';
import { viewerNode } from '../resources/accounts/account-node.ts';
import { nodeOf } from './node.ts';
import { startReading } from './reading.ts';
import { findVisible } from '../resources/repositories/related-repository.ts';

/** GitHub's limit for one `nodes` field. */
const MAX_IDS = 100;

/** The root of an answer to a query of that measure, as the viewer may see it. */
export function queryRoot(asking: Viewer, measure: Measure): Json {
  const viewer = startReading(asking);
  return {
    rateLimit: () => rateLimit(viewer, measure),
    viewer: () => viewerNode(viewer),
    node: ({ id }: { id: string }) => nodeOf(unspent(viewer), id),
    nodes: ({ ids }: { ids: readonly string[] }) => nodes(viewer, ids),
    repository: (args: RepositoryArgs) => repository(unspent(viewer), args),
    repositoryOwner: ({ login }: { login: string }) => owner(viewer, login, null),
    organization: ({ login }: { login: string }) => owner(viewer, login, 'Organization'),
    user: ({ login }: { login: string }) => owner(viewer, login, 'User'),
  };
}

/** Refuses a query whose resources are used up. Throws GraphQLError. */
function unspent(viewer: Reading): Reading {
  if (viewer.exhausted) throw resourceLimits();
  return viewer;
}

function rateLimit({ rate }: Reading, { cost, nodeCount, dryRun }: Measure): Json {
  const spent = dryRun ? 0 : cost;
  const resetAt = new Date(rate.reset * 1000).toISOString().replace(/\.\d+/, '');
  return {
    limit: rate.limit,
    cost,
    nodeCount,
    remaining: Math.max(0, rate.remaining - spent),
    used: rate.used + spent,
    resetAt,
  };
}

/** In the order asked; null with an error for each that is not there. What comes after the resources were used up is not looked at. */
function nodes(viewer: Reading, ids: readonly string[]): unknown[] {
  if (ids.length > MAX_IDS) {
    const text = `You may not provide more than ${MAX_IDS} node ids; you provided ${ids.length}.`;
    throw failure('ARGUMENT_LIMIT', text);
  }
  const reached = viewer.exhausted ? Math.floor(ids.length / 2) : ids.length;
  return ids.map((id, at) => (at < reached ? nodeOrError(viewer, id) : resourceLimits()));
}

function nodeOrError(viewer: Reading, id: string): unknown {
  try {
    return nodeOf(viewer, id);
  } catch (error) {
    return error;
  }
}

interface RepositoryArgs {
  owner: string;
  name: string;
  followRenames: boolean;
}

function repository(viewer: Reading, args: RepositoryArgs): Json {
  const name = `${args.owner}/${args.name}`;
  const found = findVisible(viewer, name, args.followRenames);
  if (!found) throw notFound(`Could not resolve to a Repository with the name '${name}'.`);
  return viewer.show.repository(found);
}

/** An account by login and type. Of either type, what is missing is simply null. */
function owner(viewer: Reading, login: string, type: AccountType | null): Json | null {
  const account = accountByLogin(viewer.context.world, login);
  const fits = account && (type === null || account.type === type);
  if (fits && (account.type === 'User' || account.type === 'Organization'))
    return viewer.show.account(account);
  if (type === null) return null;
  const article = type === 'Organization' ? 'an' : 'a';
  throw notFound(`Could not resolve to ${article} ${type} with the login of '${login}'.`);
}
