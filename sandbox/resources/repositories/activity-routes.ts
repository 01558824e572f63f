/** What happened to the branches: pushes, force pushes, creations, deletions, merges. */
import { iso } from '../../world/clock.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Activity } from '../../world/types.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { linkHeader, pageRequest, readCursor, writeCursor } from '../../http/paging.ts';
import { userOrNull } from '../accounts/user-shape.ts';
import { choice } from '../../http/choice.ts';

const PERIODS: Record<string, number> = { day: 1, week: 7, month: 30, quarter: 91, year: 365 };

function list(call: RepositoryCall): Answer {
  const { context, repository, query, base } = call;
  const { perPage } = pageRequest(query);
  const newestFirst = choice(query, 'direction', ['asc', 'desc'], 'desc') === 'desc';
  const matching = repository.activity.filter(filterOf(call));
  const all = newestFirst ? matching.toReversed() : matching;
  const after = query.get('after');
  const before = query.get('before');
  const at = (cursor: string) => all.findIndex(({ id }) => id === Number(readCursor(cursor)[0]));
  const start = after === null ? (before === null ? 0 : Math.max(0, at(before) - perPage)) : at(after) + 1;
  const items = all.slice(start, start + perPage);
  const [first, last] = [items[0], items.at(-1)];
  const links: [string, Record<string, string | null>][] = [];
  if (first && start > 0) links.push(['prev', { before: writeCursor([first.id]), after: null }]);
  if (last && start + perPage < all.length) {
    links.push(['next', { after: writeCursor([last.id]), before: null }]);
  }
  return {
    headers: linkHeader(base, query, links),
    body: items.map((one) => ({
      id: one.id,
      node_id: nodeId('RPA', one.id, repository.id),
      before: one.before,
      after: one.after,
      ref: one.ref,
      timestamp: iso(one.timestamp),
      activity_type: one.type,
      actor: userOrNull(context, one.actorId),
    })),
  };
}

function filterOf({ context, query }: RepositoryCall): (one: Activity) => boolean {
  const ref = query.get('ref');
  const type = query.get('activity_type');
  const actor = query.get('actor')?.toLowerCase();
  const period = query.get('time_period');
  const days = period === null ? null : PERIODS[choice(query, 'time_period', Object.keys(PERIODS), 'day')];
  const oldest = days == null ? 0 : context.world.clock.now() - days * 86_400;
  return (one) =>
    (ref === null || one.ref === ref || one.ref === `refs/heads/${ref}`) &&
    (type === null || one.type === type) &&
    (actor === undefined || context.world.state.accounts.get(one.actorId)?.login.toLowerCase() === actor) &&
    one.timestamp >= oldest;
}

export const activityRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/activity', permission: 'contents', handler: list },
];
