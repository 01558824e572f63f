import { checkpointKeys } from '../../db/repository-sync/checkpoint-keys.ts';
import { z } from 'zod';
import { openInto, openIntoDeleted } from '../../db/rows/issue-numbers.ts';
import { sqlOf, type Sql } from '../../db/orm.ts';
import { pullRequests } from '../../entities/pull-requests.ts';
import { atTarget } from '../checkpoints.ts';
import { isPermitted } from '../context/readable.ts';
import { refetchNumbers } from './refetch-numbers.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { throwIfExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';

const NAME = checkpointKeys.rebased;
/** How many are requested individually; a list of changes would not show them. */
const AT_ONCE = 10;

/**
 * Records, in the transaction that marks branches, which open pull requests are based on them: GitHub may have
 * moved these to another branch without a trace. Recorded together with the mark, it survives any later
 * failure.
 */
export async function recordRebased(
  context: RepositoryFacts & RepositoryWriter,
  tx: Sql,
  branches: readonly string[],
): Promise<void> {
  if (branches.length === 0 || !isPermitted(pullRequests, context.may)) return;
  const open = await openInto(tx, context.repository.id, branches);
  if (open.length > 0) await keep(context, tx, [...new Set([...remembered(context), ...open])]);
}

/** Requests the recorded pull requests, from now or from an earlier round that did not get to them. */
export async function refetchRebased(context: RepositoryContext): Promise<void> {
  for (let rest = remembered(context); rest.length > 0; rest = remembered(context)) {
    await refetchUntilMoved(context, rest.slice(0, AT_ONCE));
    const left = rest.slice(AT_ONCE);
    await context.save((tx) => keep(context, tx, left));
    if (left.length > 0) throwIfExpired(context);
  }
}

/**
 * GitHub closes or moves every open pull request into a branch that is deleted: an answer that still shows one there is
 * older than the deletion.
 */
async function refetchUntilMoved(context: RepositoryContext, numbers: readonly number[]): Promise<void> {
  let left = numbers;
  await context.pollUntilConsistent(async () => {
    await refetchNumbers(context, pullRequests, left);
    left = await openIntoDeleted(sqlOf(context.orm), context.repository.id, left);
    return left.length === 0;
  });
}

async function keep(
  context: RepositoryFacts & RepositoryWriter,
  tx: Sql,
  numbers: readonly number[],
): Promise<void> {
  const checkpoint = numbers.length === 0 ? null : atTarget(JSON.stringify(numbers));
  await context.saveCheckpoint(tx, NAME, checkpoint);
}

function remembered(context: RepositoryFacts): number[] {
  const checkpoint = context.repository.checkpoints[NAME];
  return checkpoint === undefined ? [] : z.array(z.number()).parse(JSON.parse(checkpoint.target));
}
