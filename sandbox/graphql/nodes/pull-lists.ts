/** The commits and reviews of a pull request. */
import { association } from '../../shapes/association.ts';
import { HTML, type Json } from '../../shapes/context.ts';
import { pullCommits } from '../../shapes/pull.ts';
import { iso } from '../../world/clock.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Commit, Issue, Pull, Repository, Review } from '../../world/types.ts';
import { byPosition, connection, type PageArgs } from '../connection.ts';
import type { Reading } from '../viewer.ts';
import { actorNode } from './related.ts';
import { int32 } from './int32.ts';

/** `commits`, oldest first, and `reviews`. */
export function pullLists(viewer: Reading, repository: Repository, issue: Issue, pull: Pull): Json {
  const { world } = viewer.context;
  const path = `/${fullName(world, repository)}/pull/${issue.number}`;
  const commits = () => {
    const network = networkOf(world, repository);
    const shas = pullCommits(viewer.context, repository, pull);
    return shas.map((sha) => network.commits.get(sha)).filter((commit) => commit !== undefined);
  };
  const pullRequest = () => viewer.show.item(repository, issue);
  const commitOfPull = (commit: Commit): Json => ({
    id: `PURC_${nodeId('commit', commit.sha, issue.id).slice(2)}`,
    url: `${HTML}${path}/commits/${commit.sha}`,
    resourcePath: `${path}/commits/${commit.sha}`,
    commit: () => viewer.show.commit(repository, commit),
    pullRequest,
  });
  return {
    commits: (args: PageArgs) =>
      connection(args, { items: commits(), order: byPosition, node: commitOfPull }),
    reviews: ({ states, author, ...args }: ReviewArgs) =>
      connection(args, {
        items: pull.reviews.filter(
          (one) =>
            (!states || states.includes(one.state.toUpperCase())) &&
            (!author || world.state.accounts.get(one.authorId ?? 0)?.login === author),
        ),
        order: byPosition,
        node: (one) => ({ ...reviewNode(viewer, repository, one), pullRequest }),
      }),
  };
}

interface ReviewArgs extends PageArgs {
  states?: readonly string[] | null;
  author?: string | null;
}

function reviewNode(viewer: Reading, repository: Repository, review: Review): Json {
  const { world } = viewer.context;
  const commit = networkOf(world, repository).commits.get(review.commitId);
  return {
    __typename: 'PullRequestReview',
    id: nodeId('review', review.id, repository.id),
    databaseId: int32(review.id),
    fullDatabaseId: String(review.id),
    state: review.state.toUpperCase(),
    body: review.body ?? '',
    bodyText: review.body ?? '',
    createdAt: iso(review.submittedAt),
    updatedAt: iso(review.submittedAt),
    submittedAt: iso(review.submittedAt),
    author: () => actorNode(viewer, review.authorId),
    authorAssociation: () => association(world, repository, review.authorId),
    commit: () => commit && viewer.show.commit(repository, commit),
    repository: () => viewer.show.repository(repository),
  };
}
