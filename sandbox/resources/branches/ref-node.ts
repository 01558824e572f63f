/** `Ref` and `Comparison`. */
import type { Json } from '../../world/context.ts';
import { compare } from '../commits/graph.ts';
import { networkOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import { resolve } from './push.ts';
import { peel, tagNode } from '../tags.ts';
import type { Repository } from '../../world/types.ts';
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { notFound } from '../../graphql/errors.ts';
import type { Reading } from '../../graphql/viewer.ts';

/** A ref of the repository by its full name, which must exist. */
export function refNode(viewer: Reading, repository: Repository, fullName: string): Json {
  const sha = repository.refs.get(fullName)?.sha ?? '';
  const [prefix] = /^refs\/[^/]+\//.exec(fullName) ?? [''];
  return {
    __typename: 'Ref',
    id: nodeId('REF', fullName, repository.id),
    name: fullName.slice(prefix.length),
    prefix,
    target: () => target(viewer, repository, sha),
    repository: () => viewer.show.repository(repository),
    branchProtectionRule: null,
    compare: ({ headRef }: { headRef: string }) => {
      const head = resolve(viewer.context.world, repository, headRef);
      if (head === null) throw notFound(`Could not resolve to a ref with the name '${headRef}'.`);
      return comparison(viewer, repository, peel(networkOf(viewer.context.world, repository), sha), head);
    },
  };
}

/** The object of a sha: a commit, or an annotated tag. */
export function target(viewer: Reading, repository: Repository, sha: string): Json | null {
  const { commits, tags } = networkOf(viewer.context.world, repository);
  const tag = tags.get(sha);
  if (tag) return tagNode(viewer, repository, tag);
  const commit = commits.get(sha);
  return commit ? viewer.show.commit(repository, commit) : null;
}

/** Three-dot comparison; its commits are those only the head has, oldest first. */
function comparison(viewer: Reading, repository: Repository, base: string, head: string): Json {
  const { world } = viewer.context;
  const network = networkOf(world, repository);
  const found = compare(world, network, base, head);
  if (!found) throw notFound(`No common ancestor between ${base} and ${head}.`);
  const { status, ahead, behindBy } = found;
  const emails = () => new Set(ahead.map((sha) => network.commits.get(sha)?.author?.email));
  return {
    __typename: 'Comparison',
    id: `CMP_${Buffer.from(`${repository.id}:${base}:${head}`).toString('base64url')}`,
    status: status.toUpperCase(),
    aheadBy: ahead.length,
    behindBy,
    baseTarget: () => target(viewer, repository, base),
    headTarget: () => target(viewer, repository, head),
    commits: (args: PageArgs) => ({
      ...connection(args, {
        items: ahead,
        order: byPosition,
        node: (sha) => target(viewer, repository, sha),
      }),
      authorCount: () => emails().size,
    }),
  };
}
