/** What issues and pull requests have in common. */
import { association } from '../accounts/account.ts';
import { HTML, type Json } from '../../world/context.ts';
import { issueNodeId } from './issue-shape.ts';
import { iso, isoOrNull } from '../../world/clock.ts';
import { lastChange } from '../pulls/pull.ts';
import { fullName } from '../../world/lookup.ts';
import type { Issue, Repository } from '../../world/types.ts';
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import type { Reading } from '../../graphql/viewer.ts';
import { milestoneNode } from '../milestones/milestone-node.ts';
import { commentConnection, type CommentArgs } from '../issue-comments.ts';
import { actorNode } from '../repositories/related-repository.ts';
import { int32 } from '../../graphql/int32.ts';
import { labelConnection, type LabelArgs } from '../labels.ts';

/** The fields of both types; `id` is the one that type shows. */
export function conversation(viewer: Reading, repository: Repository, issue: Issue, id: number): Json {
  const { world } = viewer.context;
  const kind = issue.pull ? 'pull' : 'issues';
  const path = `/${fullName(world, repository)}/${kind}/${issue.number}`;
  return {
    id: issueNodeId(issue),
    databaseId: int32(id),
    fullDatabaseId: String(id),
    number: issue.number,
    title: issue.title,
    titleHTML: issue.title,
    body: issue.body ?? '',
    bodyText: issue.body ?? '',
    url: HTML + path,
    permalink: HTML + path,
    resourcePath: path,
    createdAt: iso(issue.createdAt),
    updatedAt: iso(lastChange(issue)),
    publishedAt: iso(issue.createdAt),
    closedAt: isoOrNull(issue.closedAt),
    closed: issue.state === 'closed',
    locked: issue.locked,
    activeLockReason: issue.lockReason && issue.lockReason.replace(/[- ]/g, '_').toUpperCase(),
    author: () => actorNode(viewer, issue.authorId),
    authorAssociation: () => association(world, repository, issue.authorId),
    editor: null,
    lastEditedAt: null,
    includesCreatedEdit: false,
    milestone: () => {
      const milestone = repository.milestones.get(issue.milestoneId ?? 0);
      return milestone ? milestoneNode(viewer, repository, milestone) : null;
    },
    repository: () => viewer.show.repository(repository),
    labels: (args: LabelArgs) => labelConnection(viewer, repository, labelsOf(repository, issue), args),
    assignees: (args: PageArgs) =>
      connection(args, {
        items: assigneesOf(viewer, issue),
        order: byPosition,
        node: (account) => viewer.show.account(account),
      }),
    comments: (args: CommentArgs) => commentConnection(viewer, repository, issue, args),
  };
}

function labelsOf(repository: Repository, issue: Issue) {
  return issue.labelIds.map((id) => repository.labels.get(id)).filter((label) => label !== undefined);
}

/** Users only: this list has no place for bots. */
function assigneesOf({ context }: Reading, issue: Issue) {
  const { accounts } = context.world.state;
  return issue.assigneeIds
    .map((id) => accounts.get(id))
    .filter((one) => one !== undefined && !one.deleted && one.type === 'User')
    .filter((one) => one !== undefined);
}
