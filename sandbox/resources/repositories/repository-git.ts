/** What a repository has of Git: refs and objects. */
import type { Json } from '../../world/context.ts';
import { HEADS } from '../branches/branch.ts';
import { networkOf } from '../../world/lookup.ts';
import { resolve } from '../branches/push.ts';
import type { Repository } from '../../world/types.ts';
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { demand, type Reading } from '../../graphql/viewer.ts';
import { target } from '../branches/ref-node.ts';
import { commitDate } from '../commits/commit.ts';

interface RefsArgs extends PageArgs {
  refPrefix: string;
  query?: string | null;
  direction?: 'ASC' | 'DESC' | null;
  orderBy?: { field: 'ALPHABETICAL' | 'TAG_COMMIT_DATE'; direction: 'ASC' | 'DESC' } | null;
}

/** `defaultBranchRef`, `ref`, `refs`, `object`. They need the contents permission. */
export function repositoryGit(viewer: Reading, repository: Repository): Json {
  const show = (name: string | null) => (name === null ? null : viewer.show.ref(repository, name));
  return {
    defaultBranchRef: () => {
      demand(viewer, repository, 'contents');
      return show(qualified(repository, HEADS + repository.defaultBranch));
    },
    ref: ({ qualifiedName }: { qualifiedName: string }) => {
      demand(viewer, repository, 'contents');
      return show(qualified(repository, qualifiedName));
    },
    refs: (args: RefsArgs) => {
      demand(viewer, repository, 'contents');
      return connection(args, { items: refNames(viewer, repository, args), order: byPosition, node: show });
    },
    object: ({ oid, expression }: { oid?: string | null; expression?: string | null }) => {
      demand(viewer, repository, 'contents');
      const name = oid ?? (expression === 'HEAD' ? repository.defaultBranch : expression) ?? '';
      return target(viewer, repository, oid ?? resolve(viewer.context.world, repository, name) ?? '');
    },
  };
}

/** The full name of a ref given as `refs/heads/x`, `heads/x` or `x`; null when there is none. */
function qualified({ refs }: Repository, name: string): string | null {
  const spellings = [name, `refs/${name}`, HEADS + name, `refs/tags/${name}`];
  return spellings.find((one) => refs.has(one)) ?? null;
}

function refNames(viewer: Reading, repository: Repository, args: RefsArgs): string[] {
  const { query, orderBy } = args;
  const prefix = args.refPrefix.endsWith('/') ? args.refPrefix : `${args.refPrefix}/`;
  const names = [...repository.refs.keys()].filter(
    (name) => name.startsWith(prefix) && name.slice(prefix.length).includes(query ?? ''),
  );
  names.sort();
  if (orderBy?.field === 'TAG_COMMIT_DATE') {
    const dates = new Map(names.map((name) => [name, dateOf(viewer, repository, name)]));
    names.sort((a, b) => (dates.get(a) ?? 0) - (dates.get(b) ?? 0));
  }
  return (orderBy?.direction ?? args.direction) === 'DESC' ? names.toReversed() : names;
}

function dateOf({ context: { world } }: Reading, repository: Repository, name: string): number {
  const commit = networkOf(world, repository).commits.get(resolve(world, repository, name) ?? '');
  return commit ? commitDate(commit) : 0;
}
