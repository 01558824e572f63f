/** `GitActor`: a name and address from a commit, with the user behind it. */
import type { Json } from '../../world/context.ts';
import { iso } from '../../world/clock.ts';
import { zone } from './commit.ts';
import { linkedAccount } from '../accounts/account.ts';
import type { Commit, Signature } from '../../world/types.ts';
import type { Reading } from '../../graphql/viewer.ts';

const CO_AUTHOR = /^co-authored-by:\s*(.*?)\s*<([^<>]+)>\s*$/gim;

/** `user` is null without a matching account and for bots, whose type it cannot hold: there REST knows more. */
export function gitActor(viewer: Reading, who: Signature | null): Json | null {
  if (!who) return null;
  return {
    name: who.name,
    email: who.email,
    date: gitTime(who),
    avatarUrl: 'https://avatars.githubusercontent.com/u/0?v=4',
    user: () => {
      const account = linkedAccount(viewer.context.world, who);
      return account && account !== 'empty' && account.type === 'User' ? viewer.show.account(account) : null;
    },
  };
}

/** `GitTimestamp`: in the zone it was written in. */
function gitTime({ date, offset }: Signature): string {
  const local = iso(date + offset * 60);
  return offset === 0 ? local : local.slice(0, -1) + zone(offset, ':');
}

/** The author, then those of the `Co-authored-by` trailers, each address once. */
export function authorsOf(commit: Commit): Signature[] {
  const found = new Map<string, Signature>();
  if (commit.author) found.set(commit.author.email.toLowerCase(), commit.author);
  const { date, offset } = commit.author ?? commit.committer ?? { date: 0, offset: 0 };
  for (const [, name = '', email = ''] of commit.message.matchAll(CO_AUTHOR)) {
    const key = email.toLowerCase();
    if (!found.has(key)) found.set(key, { name, email, date, offset });
  }
  return [...found.values()];
}
