import { z } from 'zod';
import { openInto } from '../db/queries/issue-numbers.ts';
import type { Sql } from '../db/orm.ts';
import { askPullRequests } from './ask-numbers.ts';
import { OutOfTime, type RepositoryWork } from './repository-work.ts';

/** The walk that holds the numbers still to be asked for. */
const WALK = 'rebased pull requests';
/** As many as are asked for one by one; a list of all that changed would not show them. */
const AT_ONCE = 10;

/**
 * Remembers, in the transaction that marks branches, which open pull requests are based on them: GitHub may have
 * moved these to another branch without a trace. Remembered with the mark, it survives any failure after it.
 */
export async function noteRebased(work: RepositoryWork, tx: Sql, branches: readonly string[]): Promise<void> {
  if (branches.length === 0 || !work.may.pullRequests) return;
  const open = await openInto(tx, work.repository.id, branches);
  if (open.length > 0) await keep(work, tx, [...new Set([...remembered(work), ...open])]);
}

/** Asks for the pull requests that were remembered, now or by an earlier round that did not come to it. */
export async function askRebased(work: RepositoryWork): Promise<void> {
  for (let rest = remembered(work); rest.length > 0; rest = remembered(work)) {
    await askPullRequests(work, rest.slice(0, AT_ONCE));
    const left = rest.slice(AT_ONCE);
    await work.save((tx) => keep(work, tx, left).then(() => ({})));
    if (left.length > 0 && work.timeIsUp()) throw new OutOfTime();
  }
}

async function keep(work: RepositoryWork, tx: Sql, numbers: readonly number[]): Promise<void> {
  const began_at = new Date().toISOString();
  const walk = numbers.length === 0 ? null : { url: '', began_at, target: JSON.stringify(numbers) };
  await work.saveWalk(tx, WALK, walk);
  if (walk === null) delete work.repository.walks[WALK];
  else work.repository.walks[WALK] = walk;
}

function remembered(work: RepositoryWork): number[] {
  const walk = work.repository.walks[WALK];
  return walk === undefined ? [] : z.array(z.number()).parse(JSON.parse(walk.target));
}
