/** What happened to a pull request. */
import { HTML, type Json } from '../../world/context.ts';
import { iso } from '../../world/clock.ts';
import { fullName } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Issue, Pull, Repository } from '../../world/types.ts';
import { byPosition, connection, type PageArgs } from '../../graphql/connection.ts';
import { notSimulated } from '../../graphql/errors.ts';
import { readTime } from '../issues/issue-filter.ts';
import type { Reading } from '../../graphql/viewer.ts';
import { actorNode } from '../repositories/related-repository.ts';

const SIMULATED = 'READY_FOR_REVIEW_EVENT';

interface TimelineArgs extends PageArgs {
  itemTypes?: readonly string[] | null;
  since?: string | null;
}

/** `timelineItems`: of all kinds of items only `ReadyForReviewEvent`, and an error for who asks for others. */
export function pullTimeline(viewer: Reading, repository: Repository, issue: Issue, pull: Pull): Json {
  const path = `/${fullName(viewer.context.world, repository)}/pull/${issue.number}`;
  return {
    timelineItems: ({ itemTypes, since, ...args }: TimelineArgs) => {
      if (itemTypes?.length !== 1 || itemTypes[0] !== SIMULATED)
        throw notSimulated(`timeline items other than ${SIMULATED}`);
      const from = typeof since === 'string' ? readTime(since, 'since') : 0;
      const items = pull.readyEvents.filter(({ createdAt }) => createdAt >= from);
      const list = connection(args, {
        items,
        order: byPosition,
        node: ({ id, createdAt, actorId }) => ({
          __typename: 'ReadyForReviewEvent',
          id: nodeId('RFRE', id, repository.id),
          createdAt: iso(createdAt),
          actor: () => actorNode(viewer, actorId),
          url: `${HTML}${path}#event-${id}`,
          resourcePath: `${path}#event-${id}`,
          pullRequest: () => viewer.show.item(repository, issue),
        }),
      });
      return { ...list, filteredCount: items.length };
    },
  };
}
