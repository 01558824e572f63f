import { checkpointKeys } from '../../db/repository-sync/checkpoint-keys.ts';
import { SyncError } from '../../errors.ts';
import { prioritize } from '../../github/session/usage.ts';
import type { Probe } from '../../model.ts';
import { branches } from '../../entities/branches.ts';
import type { Entity } from '../../entities/entity.ts';
import { countedKinds } from '../../entities/index.ts';
import { compareList, type ComparedKind } from '../listings/compare-list.ts';
import { deniedKinds, isPermitted } from '../context/readable.ts';
import { refetchUnreadCommits } from '../listings/refetch-commits.ts';
import { compareBranches } from '../listings/compare-branches.ts';
import { compareCommits } from '../listings/compare-commits.ts';
import { refetchRebased } from '../listings/refetch-rebased.ts';
import { confirmDefaultHead } from '../listings/confirm-default-head.ts';
import type { FailedLists } from '../context/failed-lists.ts';
import { REFS, without, type Changes, type ProbedKind } from '../listings/find-changes.ts';
import { compareKind, isDenied, type Ended } from './compare-kind.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { UNREAD_COMMITS, unreadCommitError } from '../listings/unread-commits.ts';

/** The result of comparing a repository. */
export interface ComparedRepository {
  /** why something could not be read, or null; everything else is right */
  error: SyncError | null;
  /** why a list that has failed as a whole for long was not read, or null: nothing tells what it would show */
  unlisted: SyncError | null;
  /**
   * the snapshot that the rows now match, without kinds that are switched off; what could not be read is recorded and
   * requested again by itself (`kindsToCompare`)
   */
  applied: Probe | null;
  /** kinds that are switched off, or of which something could not be read */
  unread: ReadonlySet<ProbedKind>;
}

/**
 * Reads what changed and updates the rows, kinds concurrently. A kind that the App may not read is left out,
 * and one that is switched off at GitHub keeps its rows.
 *
 * @param failed receives the errors of kinds that could not be read at all, unless that has been so for long
 */
export async function compareRepository(
  context: RepositoryContext,
  probe: Probe | null,
  changed: Changes,
  failed: FailedLists,
): Promise<ComparedRepository> {
  const { may, repository } = context;
  const isDue = (kind: ProbedKind, entity: Entity): boolean => changed.has(kind) && isPermitted(entity, may);
  // All are awaited even if one fails: none may keep writing after the lease is released.
  const outcomes = await Promise.allSettled([
    // The history is nearly always the longest list, and is written at its end: the others are read meanwhile.
    prioritize(() =>
      compareKind(context, failed, {
        kind: REFS,
        isDue: isDue(REFS, branches),
        since: null,
        compare: (keep) => compareRefs(context, probe, keep),
      }),
    ),
    ...countedKinds.map((entity) =>
      compareKind(context, failed, {
        kind: entity.name,
        isDue: isDue(entity.name, entity),
        since: repository.high_water_marks[entity.name],
        compare: () => compareList(context, entity, probe, changed),
      }),
    ),
  ]);
  const ended = outcomes.map(valueOf);
  const errors = ended.flatMap(({ error }) => error ?? []);
  const unread = new Set(ended.filter(({ off, error }) => off || error !== null).map(({ kind }) => kind));
  const unknown = new Set(ended.filter(({ off, isForgotten }) => off || isForgotten).map(({ kind }) => kind));
  return {
    error: errors.find((error) => !isDenied(error)) ?? errors[0] ?? deniedKinds(may),
    unlisted: ended.find(({ isUnlisted }) => isUnlisted)?.error ?? null,
    applied: probe === null || unknown.has(REFS) ? null : without(probe, unknown),
    unread,
  };
}

function valueOf(outcome: PromiseSettledResult<Ended>): Ended {
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

/**
 * The history of a repository that was never compared is read concurrently with its branches, from the head
 * that the probe showed: it is nearly always the longest list, and is only written at its end. If the branches
 * show another head, that one is followed.
 */
async function compareRefs(
  context: RepositoryContext,
  probe: Probe | null,
  keep: FailedLists['keep'],
): Promise<ComparedKind> {
  let unlisted: SyncError | null = null;
  const early = isNew(context) ? (probe?.head_sha ?? null) : null;
  const [compared, read] = await Promise.allSettled([
    // The commits need no list of branches: the default branch's head is requested by name.
    compareBranches(context, probe).catch(async (reason: unknown) => {
      unlisted = await keep(reason);
      return { head: await confirmDefaultHead(context), error: unlisted };
    }),
    early === null ? null : compareCommits(context, early),
  ]);
  if (compared.status === 'rejected') throw compared.reason;
  const { head, error } = compared.value;
  const isRead = early !== null && head === early;
  if (read.status === 'rejected' && (isRead || !(read.reason instanceof SyncError))) throw read.reason;
  if (!isRead) await compareCommits(context, head, await refetchUnreadCommits(context));
  await refetchRebased(context);
  if (unlisted !== null) throw unlisted as SyncError;
  return { off: false, error: error ?? unreadCommitError(context.repository) };
}

/** Nothing of its history is stored, and there is no reading to continue. */
function isNew({ mode, repository }: RepositoryFacts): boolean {
  const { head_sha, last_synced_at, checkpoints, unread } = repository;
  const isBegun =
    checkpoints[checkpointKeys.history] !== undefined || (unread[UNREAD_COMMITS] ?? []).length > 0;
  return mode !== 'full' && head_sha === null && last_synced_at === null && !isBegun;
}
