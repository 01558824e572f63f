/** `Commit.history`: `git log` from a commit. */
import type { Json } from '../../world/context.ts';
import { commitDate } from './commit.ts';
import { historyOf, walk } from './graph.ts';
import { linkedAccount } from '../accounts/linkage.ts';
import { networkOf } from '../../world/lookup.ts';
import { readNodeId } from '../../world/node-id.ts';
import type { Commit, Repository } from '../../world/types.ts';
import { connection, type Order, type PageArgs } from '../../graphql/connection.ts';
import { invalidCursor } from '../../graphql/errors.ts';
import { readTime } from '../issues/issue-filter.ts';
import type { Reading } from '../../graphql/viewer.ts';

export interface HistoryArgs extends PageArgs {
  since?: string | null;
  until?: string | null;
  path?: string | null;
  author?: { id?: string | null; emails?: readonly string[] | null } | null;
}

/** Newest first. `since` and `until` look at committer dates; `since` ends a path at its first older commit, as `git log` does. */
export function history(viewer: Reading, repository: Repository, head: Commit, args: HistoryArgs): Json {
  const { commits } = networkOf(viewer.context.world, repository);
  const shown = (sha: string) => {
    const commit = commits.get(sha);
    return commit ? viewer.show.commit(repository, commit) : null;
  };
  return connection(args, {
    items: filtered(viewer, repository, head, args),
    order: byOffset(head.sha),
    node: shown,
  });
}

/** GitHub's cursors here are plain text: the head's sha and an offset, so a page stays what it is while branches move. */
function byOffset(head: string): Order<string> {
  return {
    write: (_sha, index) => `${head} ${index}`,
    read: (cursor) => {
      const [oid, offset] = cursor.split(' ');
      if (oid !== head || !/^\d+$/.test(offset ?? '')) throw invalidCursor(cursor);
      return (_sha, index) => index - Number(offset);
    },
  };
}

function filtered(
  viewer: Reading,
  repository: Repository,
  head: Commit,
  args: HistoryArgs,
): readonly string[] {
  const { world } = viewer.context;
  const network = networkOf(world, repository);
  const since = typeof args.since === 'string' ? readTime(args.since, 'since') : null;
  const shas =
    since === null
      ? historyOf(world, network, head.sha).shas
      : walk(network, [head.sha], (commit) => commitDate(commit) < since);
  const tests = testsOf(viewer, args);
  if (tests.length === 0) return shas;
  return shas.filter((sha) => {
    const commit = network.commits.get(sha);
    return commit !== undefined && tests.every((test) => test(commit));
  });
}

function testsOf(viewer: Reading, { until, path, author }: HistoryArgs): ((commit: Commit) => boolean)[] {
  const tests: ((commit: Commit) => boolean)[] = [];
  if (typeof until === 'string') {
    const last = readTime(until, 'until');
    tests.push((commit) => commitDate(commit) <= last);
  }
  if (typeof path === 'string' && path !== '') {
    tests.push(({ files }) => files.some((file) => file.path === path || file.path.startsWith(`${path}/`)));
  }
  if (author?.emails) {
    const emails = new Set(author.emails.map((email) => email.toLowerCase()));
    tests.push((commit) => emails.has(commit.author?.email.toLowerCase() ?? ''));
  }
  if (author?.id) {
    const wanted = readNodeId(author.id)?.id;
    tests.push((commit) => {
      const account = linkedAccount(viewer.context.world, commit.author);
      return account !== null && account !== 'empty' && account.id === wanted;
    });
  }
  return tests;
}
