import { sql } from 'kysely';
import { allowLongStatements } from '../long-statement.ts';
import type { Sql } from '../orm.ts';
import { createNewestFirst } from './newest-first.ts';
import { CARRIED_CHANGES, type HistoryChange } from './rewrite-history.ts';

/** Beyond this many commits, about two seconds' worth, walking the whole history once is cheaper. */
const MOST_LOOKED_AT = 50_000;
/** How many commits one statement reads: few at first, because most changes are small, then doubling. */
const FIRST_LOOK = 64;
const LARGEST_LOOK = 2048;

interface Heads {
  /** the live commits are its history */
  from: string;
  /** all of its history is stored */
  to: string;
  /** how many commits GitHub counts in the history of `from` and not in that of `to` */
  dropped: number;
}

interface StoredCommit {
  sha: string;
  parents: string[];
  /** seconds; a commit without a time counts as the newest */
  at: number | null;
}

/**
 * Finds what `historyChange` finds by walking the whole history, at a cost in proportion to the change: it goes
 * back from both heads, newest first, until nothing is left that only the former head leads to. Times only
 * decide the order. The dropped commits found are never too few, and are accepted if they are as many as GitHub
 * counts.
 *
 * @returns null if the whole history must be walked
 */
export async function changeBetween(
  tx: Sql,
  repositoryId: number,
  { from, to, dropped }: Heads,
): Promise<HistoryChange | null> {
  if (dropped > CARRIED_CHANGES) return null;
  return allowLongStatements(tx, async () => {
    const added = await addedBy(tx, repositoryId, to);
    if (added === null) return null;
    const orphaned = await droppedBy(tx, repositoryId, from, added.liveParents, dropped);
    return orphaned === null ? null : { orphaned, revived: added.shas };
  });
}

/** The commits of `head`'s history that are not live, and the live ones that they build on. */
async function addedBy(
  tx: Sql,
  repositoryId: number,
  head: string,
): Promise<{ shas: string[]; liveParents: string[] } | null> {
  const { rows } = await sql<{ sha: string; live: boolean | null }>`
    with recursive reached(sha, live) as (
      select ${head}::text, (select orphaned_at is null from commits where repository_id = ${repositoryId} and sha = ${head})
      union
      select p.sha, s.live from reached
      cross join lateral (select parents from commits
        where repository_id = ${repositoryId} and sha = reached.sha and not reached.live limit 1) c
      cross join lateral unnest(c.parents) as p(sha)
      cross join lateral (select (select orphaned_at is null from commits
        where repository_id = ${repositoryId} and sha = p.sha) as live) s
    ) select sha, live from reached limit ${CARRIED_CHANGES + 1}`.execute(tx);
  if (rows.length > CARRIED_CHANGES || rows.some(({ live }) => live === null)) return null;
  const shasOf = (live: boolean) => rows.filter((row) => row.live === live).map(({ sha }) => sha);
  return { shas: shasOf(false), liveParents: shasOf(true) };
}

/** The commits reachable from `from` and from none of `kept`; null if that cannot be determined. */
async function droppedBy(
  tx: Sql,
  repositoryId: number,
  from: string,
  kept: readonly string[],
  expected: number,
): Promise<string[] | null> {
  const { known, load, hasReadTooMany } = createCommitReader(tx, repositoryId);
  const isKept = new Set<string>();
  const dropped = new Set<string>();
  const queue = createNewestFirst<string>();
  /** in the queue, and not reachable from anything kept so far */
  const open = new Set<string>();

  const queued = new Set<string>();
  function enqueue(sha: string): void {
    if (queued.has(sha)) return;
    queued.add(sha);
    queue.push(sha, known.get(sha)?.at ?? Infinity);
    if (!isKept.has(sha)) open.add(sha);
  }

  /** Its ancestors that were already visited are kept as well. */
  function keep(sha: string): void {
    const stack = [sha];
    for (let one = stack.pop(); one !== undefined; one = stack.pop()) {
      if (isKept.has(one)) continue;
      isKept.add(one);
      open.delete(one);
      dropped.delete(one);
      if (expanded.has(one)) stack.push(...(known.get(one)?.parents ?? []));
    }
  }

  const expanded = new Set<string>();
  if (!(await load([from, ...kept]))) return null;
  for (const sha of kept) keep(sha);
  for (const sha of [from, ...kept]) enqueue(sha);
  while (open.size > 0 || dropped.size > expected) {
    const sha = queue.pop();
    if (sha === undefined || hasReadTooMany()) return null;
    const parents = known.get(sha)?.parents ?? [];
    if (!(await load(parents))) return null;
    expanded.add(sha);
    open.delete(sha);
    if (isKept.has(sha)) for (const parent of parents) keep(parent);
    else dropped.add(sha);
    for (const parent of parents) enqueue(parent);
  }
  return dropped.size === expected ? [...dropped] : null;
}

/** Reads commits with their ancestors, and remembers those that were read. */
function createCommitReader(tx: Sql, repositoryId: number) {
  const known = new Map<string, StoredCommit>();
  let look = FIRST_LOOK;
  let lookedAt = 0;

  /** @returns whether all of them are stored */
  async function load(shas: readonly string[]): Promise<boolean> {
    const unknown = shas.filter((sha) => !known.has(sha));
    if (unknown.length === 0) return true;
    const rows = await readBackwards(tx, repositoryId, unknown, Math.max(look, unknown.length));
    for (const row of rows) known.set(row.sha, row);
    lookedAt += rows.length;
    look = Math.min(2 * look, LARGEST_LOOK);
    return unknown.every((sha) => known.has(sha));
  }

  const hasReadTooMany = (): boolean => lookedAt > MOST_LOOKED_AT;
  return { known, load, hasReadTooMany };
}

/** These commits and their ancestors, nearest first, up to `limit`: each is one index lookup. */
async function readBackwards(
  tx: Sql,
  repositoryId: number,
  shas: readonly string[],
  limit: number,
): Promise<StoredCommit[]> {
  const commit = (sha: string) => sql`cross join lateral (
    select sha, parents, extract(epoch from committed_at)::float8 as at from commits
    where repository_id = ${repositoryId} and sha = ${sql.ref(sha)} limit 1) c`;
  const { rows } = await sql<StoredCommit>`
    with recursive reached(sha, parents, at) as (
      select c.* from unnest(${shas}::text[]) as given(sha) ${commit('given.sha')}
      union
      select c.* from reached cross join lateral unnest(reached.parents) as p(sha) ${commit('p.sha')}
    ) select sha, parents, at from reached limit ${limit}`.execute(tx);
  return rows;
}
