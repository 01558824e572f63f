/** Making commit objects whose shas are the very ones Git would compute for their encoding. */
import { createHash } from 'node:crypto';
import { parseTime } from '../../world/clock.ts';
import { accountByLogin } from '../../world/lookup.ts';
import type { Account, ChangedFile, Commit, Network, Signature } from '../../world/types.ts';
import type { World } from '../../world/world.ts';

/** Who and when; what is left out is taken from the pusher and the clock. A login is enough for an account's own address. */
interface SignatureInput {
  login?: string;
  name?: string;
  email?: string;
  /** ISO 8601 or epoch seconds. */
  date?: string | number;
  offset?: number;
  link?: 'empty';
}

export interface CommitInput {
  message?: string;
  author?: SignatureInput | null;
  committer?: SignatureInput | null;
  files?: ChangedFile[];
  /** Exact parents; replaces "on top of the branch". An empty list makes a root. */
  parents?: string[];
}

/** The address GitHub gives an account for commits made in the browser. */
export function noreplyEmail(account: Account): string {
  return `${account.id}+${account.login}@users.noreply.github.com`;
}

/** Fills in what a signature leaves out. */
export function signature(world: World, input: SignatureInput, fallback: Account): Signature {
  const account = (input.login !== undefined && accountByLogin(world, input.login)) || fallback;
  const date = typeof input.date === 'string' ? parseTime(input.date) : input.date;
  return {
    name: input.name ?? account.name ?? account.login,
    email: input.email ?? account.emails[0] ?? noreplyEmail(account),
    date: date ?? world.clock.now(),
    offset: input.offset ?? 0,
    ...(input.link && { link: input.link }),
  };
}

/** Adds a commit to the network (once: the same content is the same commit) and returns it. */
export function addCommit(
  world: World,
  network: Network,
  input: CommitInput,
  parents: string[],
  by: Account,
): Commit {
  const author = input.author === null ? null : signature(world, input.author ?? {}, by);
  const committer =
    input.committer === null ? null : signature(world, input.committer ?? input.author ?? {}, by);
  const message = input.message ?? `Change ${world.random.hex(6)}`;
  const path = `src/file-${world.random.int(40)}.ts`;
  const files = input.files ?? [{ path, status: 'modified' as const, additions: 3, deletions: 1 }];
  const tree = sha1(`tree ${parents.join()} ${JSON.stringify(files)} ${message}`);
  const body = encode(tree, parents, author, committer, message);
  const sha = sha1(`commit ${Buffer.byteLength(body)}\0${body}`);
  const commit: Commit = network.commits.get(sha) ?? {
    sha,
    tree,
    parents,
    author,
    committer,
    message,
    files,
  };
  network.commits.set(sha, commit);
  return commit;
}

export function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

/** The date that orders history: the committer's. */
export function commitDate(commit: Commit): number {
  return commit.committer?.date ?? commit.author?.date ?? 0;
}

/** Minutes east of UTC as Git and ISO 8601 write them, with the separator asked for. */
export function zone(minutes: number, separator: '' | ':'): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}${separator}${two(size % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** A person and a time as Git writes them behind a keyword. */
export function encodePerson(who: Signature | null): string {
  return who ? ` ${who.name} <${who.email}> ${who.date} ${zone(who.offset, '')}` : '';
}

function encode(
  tree: string,
  parents: string[],
  author: Signature | null,
  committer: Signature | null,
  message: string,
): string {
  const lines = [`tree ${tree}`, ...parents.map((sha) => `parent ${sha}`)];
  lines.push(`author${encodePerson(author)}`, `committer${encodePerson(committer)}`, '', message);
  return lines.join('\n');
}
