/** `Commit`. */
import { byPosition, connection, type Order, type PageArgs } from '../../graphql/connection.ts';
import { invalidCursor } from '../../graphql/errors.ts';
import type { Reading } from '../../graphql/viewer.ts';
import { iso } from '../../world/clock.ts';
import { HTML, type Json } from '../../world/context.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { nodeId, readNodeId } from '../../world/node-id.ts';
import type { Commit, Repository } from '../../world/types.ts';
import { linkedAccount } from '../accounts/account.ts';
import { readTime } from '../issues/issue-filter.ts';
import { statsOf } from './commit-shape.ts';
import { commitDate } from './commit.ts';
import { authorsOf, gitActor } from './git-actor-node.ts';
import { historyOf, walk } from './graph.ts';

// `Commit.history`: `git log` from a commit.

interface HistoryArgs extends PageArgs {
  since?: string | null;
  until?: string | null;
  path?: string | null;
  author?: { id?: string | null; emails?: readonly string[] | null } | null;
}

/** Newest first. `since` and `until` look at committer dates; `since` ends a path at its first older commit, as `git log` does. */
function history(viewer: Reading, repository: Repository, head: Commit, args: HistoryArgs): Json {
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
    const authorId = readNodeId(author.id)?.id;
    tests.push((commit) => {
      const account = linkedAccount(viewer.context.world, commit.author);
      return account !== null && account !== 'empty' && account.id === authorId;
    });
  }
  return tests;
}

/** A commit seen from one repository of its network. */
export function commitNode(viewer: Reading, repository: Repository, commit: Commit): Json {
  const { world } = viewer.context;
  const path = `/${fullName(world, repository)}/commit/${commit.sha}`;
  const { additions, deletions } = statsOf(commit.files);
  const [headline = ''] = commit.message.split('\n', 1);
  return {
    __typename: 'Commit',
    id: nodeId('C', commit.sha, repository.id),
    oid: commit.sha,
    abbreviatedOid: commit.sha.slice(0, 7),
    url: HTML + path,
    resourcePath: path,
    commitUrl: HTML + path,
    commitResourcePath: path,
    message: commit.message,
    messageHeadline: headline,
    messageBody: commit.message.slice(headline.length).replace(/^\n+/, ''),
    authoredDate: iso((commit.author ?? commit.committer)?.date ?? 0),
    committedDate: iso((commit.committer ?? commit.author)?.date ?? 0),
    committedViaWeb: false,
    pushedDate: null,
    signature: null,
    statusCheckRollup: null,
    additions,
    deletions,
    changedFiles: commit.files.length,
    changedFilesIfAvailable: commit.files.length,
    authoredByCommitter: commit.author?.email === commit.committer?.email,
    author: () => gitActor(viewer, commit.author),
    committer: () => gitActor(viewer, commit.committer),
    authors: (args: PageArgs) =>
      connection(args, {
        items: authorsOf(commit),
        order: byPosition,
        node: (who) => gitActor(viewer, who),
      }),
    parents: (args: PageArgs) => parents(viewer, repository, commit, args),
    history: (args: HistoryArgs) => history(viewer, repository, commit, args),
    repository: () => viewer.show.repository(repository),
    tree: { __typename: 'Tree', oid: commit.tree, abbreviatedOid: commit.tree.slice(0, 7) },
  };
}

function parents(viewer: Reading, repository: Repository, commit: Commit, args: PageArgs): Json {
  const { commits } = networkOf(viewer.context.world, repository);
  const items = commit.parents.map((sha) => commits.get(sha)).filter((one) => one !== undefined);
  return connection(args, { items, order: byPosition, node: (one) => viewer.show.commit(repository, one) });
}
