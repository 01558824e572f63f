/** `Commit`. */
import { HTML, type Json } from '../../world/context.ts';
import { statsOf } from './commit-shape.ts';
import { iso } from '../../world/clock.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Commit, Repository } from '../../world/types.ts';
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import type { Reading } from '../../graphql/viewer.ts';
import { authorsOf, gitActor } from './git-actor-node.ts';
import { history, type HistoryArgs } from './history-node.ts';

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
