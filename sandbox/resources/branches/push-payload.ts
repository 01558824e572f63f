/** The `push` event. */
import { NO_SHA } from './branch.ts';
import { iso } from '../../world/clock.ts';
import { zone } from '../commits/commit.ts';
import { linkedAccount } from '../accounts/linkage.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { noreplyEmail } from '../commits/commit.ts';
import { peel } from '../tags.ts';
import type { Commit, Signature } from '../../world/types.ts';
import { HTML, type Context, type Json } from '../../world/context.ts';
import { pushRepository } from '../repositories/repository-shape.ts';
import type { PushOccurrence } from './ref.ts';

/** More commits are not listed; nothing in the payload tells. Source: OpenAPI `webhook-push`. */
const MAX_COMMITS = 2048;

/** The event's own keys. */
export function pushPayload(context: Context, push: PushOccurrence): Json {
  const { repository, sender } = push;
  const network = networkOf(context.world, repository);
  const name = fullName(context.world, repository);
  const head = push.deleted ? undefined : network.commits.get(peel(network, push.after));
  const listed = push.shas.slice(0, MAX_COMMITS).map((sha) => network.commits.get(sha));
  const range =
    push.created || push.deleted ? push.after : `${push.before.slice(0, 12)}...${push.after.slice(0, 12)}`;
  return {
    ref: push.ref,
    before: push.before,
    after: push.after,
    created: push.created,
    deleted: push.deleted,
    forced: push.forced,
    base_ref: push.created ? baseRef(push) : null,
    compare: `${HTML}/${name}/compare/${range === NO_SHA ? push.before : range}`,
    commits: listed
      .filter((one) => one !== undefined)
      .map((commit) => pushedCommit(context, name, commit, !push.known.has(commit.sha))),
    head_commit: head ? pushedCommit(context, name, head, !push.known.has(head.sha)) : null,
    repository: pushRepository(context, repository),
    pusher: { name: sender.login, email: sender.emails[0] ?? noreplyEmail(sender) },
  };
}

/** Another ref at the same commit: where a new branch was made from. */
function baseRef({ repository, ref, after }: PushOccurrence): string | null {
  for (const [other, { sha }] of repository.refs) if (other !== ref && sha === after) return other;
  return null;
}

function pushedCommit(context: Context, name: string, commit: Commit, distinct: boolean): Json {
  const paths = (status: string) =>
    commit.files
      .slice(0, 3000)
      .filter((file) => file.status === status)
      .map((file) => file.path);
  return {
    id: commit.sha,
    tree_id: commit.tree,
    distinct,
    message: commit.message,
    timestamp: timestamp(commit.committer ?? commit.author),
    url: `${HTML}/${name}/commit/${commit.sha}`,
    author: person(context, commit.author),
    committer: person(context, commit.committer),
    added: paths('added'),
    removed: paths('removed'),
    modified: paths('modified'),
  };
}

/** `username` is there only when the address belongs to an account. */
function person({ world }: Context, who: Signature | null): Json {
  const account = linkedAccount(world, who);
  const known = account !== null && account !== 'empty';
  return { name: who?.name ?? '', email: who?.email ?? '', ...(known && { username: account.login }) };
}

/** With the committer's own offset from UTC. */
function timestamp(who: Signature | null): string {
  const { date, offset } = who ?? { date: 0, offset: 0 };
  return iso(date + offset * 60).slice(0, -1) + zone(offset, ':');
}
