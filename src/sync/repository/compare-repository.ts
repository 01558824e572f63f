import { SyncError } from '../../errors.ts';
import { prioritize } from '../../github/session/usage.ts';
import type { Probe } from '../../model.ts';
import { branches } from '../../entities/branches.ts';
import { countedKinds } from '../../entities/index.ts';
import { checkpointKeys, done, ofThisLook } from '../checkpoints.ts';
import { compareList, type ComparedKind } from '../listings/compare-list.ts';
import { deniedKinds, isPermitted } from '../context/readable.ts';
import { refetchUnreadCommits } from '../listings/refetch-commits.ts';
import { recordFailedList } from '../listings/read-list.ts';
import { compareBranches } from '../listings/compare-branches.ts';
import { compareCommits } from '../listings/compare-commits.ts';
import { refetchRebased } from '../listings/refetch-rebased.ts';
import { confirmDefaultHead } from '../listings/confirm-default-head.ts';
import type { FailedLists } from '../context/failed-lists.ts';
import { without, type Changes, type ProbedKind } from '../listings/find-changes.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { UNREAD_COMMITS, unreadCommitError } from '../listings/unread-commits.ts';

/** The result of comparing a repository. */
export interface ComparedRepository {
  /** why something could not be read, or null; everything else is right */
  error: SyncError | null;
  /**
   * the snapshot that the rows now match, without the kinds that could not be read, which are read again next
   * time
   */
  applied: Probe | null;
  /** kinds that are switched off, or of which something could not be read */
  unread: ReadonlySet<ProbedKind>;
}

/**
 * Reads what changed and updates the rows, kinds concurrently. A kind that the App may not read is left out,
 * and one that is switched off at GitHub keeps its rows.
 *
 * @param failed receives the errors of kinds that could not be read at all
 */
export async function compareRepository(
  context: RepositoryContext,
  probe: Probe | null,
  changed: Changes,
  failed: FailedLists,
): Promise<ComparedRepository> {
  const { may } = context;
  // All are awaited even if one fails: none may keep writing after the lease is released.
  const outcomes = await Promise.allSettled([
    // The history is nearly always the longest list, and is written at its end: the others are read meanwhile.
    prioritize(() =>
      run(context, 'refs', changed.has('refs') && isPermitted(branches, may), failed, () =>
        compareRefs(context, probe, failed),
      ),
    ),
    ...countedKinds.map((kind) =>
      run(
        context,
        kind.name,
        changed.has(kind.name) && isPermitted(kind, may),
        failed,
        () => compareList(context, kind, probe),
        (error) => recordFailedList(context, kind, error),
      ),
    ),
  ]);
  const ended = outcomes.map(valueOf);
  const errors = ended.flatMap(({ error }) => error ?? []);
  const unread = new Set(ended.filter(({ off, error }) => off || error !== null).map(({ kind }) => kind));
  return {
    error: errors.find((error) => !isDenied(error)) ?? errors[0] ?? deniedKinds(may),
    applied: probe === null || unread.has('refs') ? null : without(probe, unread),
    unread,
  };
}

interface Ended extends ComparedKind {
  kind: ProbedKind;
}

/** One kind of data, if it is to be compared; not being permitted to read it is a result as well. */
async function run(
  context: RepositoryFacts & RepositoryWriter,
  kind: ProbedKind,
  isDue: boolean,
  failed: FailedLists,
  compare: () => Promise<ComparedKind>,
  recordFailed: (error: SyncError) => Promise<void> = () => Promise.resolve(),
): Promise<Ended> {
  if (!isDue) return { kind, off: false, error: null };
  try {
    const compared = await skipIfDone(context, kind, compare);
    if (compared.error?.code === 'LIST_SHIFTED') await recordFailed(compared.error);
    return { kind, ...compared };
  } catch (error) {
    if (error instanceof SyncError && isDenied(error)) return { kind, off: false, error };
    const kept = await failed.keep(error);
    // Without GraphQL lists are read all the same.
    if (kept.code !== 'GRAPHQL_UNAVAILABLE') await recordFailed(kept);
    return { kind, off: false, error: kept };
  }
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
  failed: FailedLists,
): Promise<ComparedKind> {
  let unlisted: SyncError | null = null;
  const early = isNew(context) ? (probe?.head_sha ?? null) : null;
  const [compared, read] = await Promise.allSettled([
    // The commits need no list of branches: the default branch's head is requested by name.
    compareBranches(context, probe).catch(async (reason: unknown) => {
      unlisted = await failed.keep(reason);
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

/**
 * In a full comparison, a kind that an earlier round read to its end is not read again while the others need
 * further rounds: otherwise it would end only if all of them happened to end in the same round.
 */
async function skipIfDone(
  context: RepositoryFacts & RepositoryWriter,
  kind: string,
  compare: () => Promise<ComparedKind>,
): Promise<ComparedKind> {
  if (context.mode !== 'full') return compare();
  const name = checkpointKeys.done(kind);
  const known = ofThisLook(context.repository.checkpoints[name]);
  if (known !== undefined) {
    const { error, off = false } = known;
    return { off, error: error === undefined ? null : new SyncError(error.code, error.message) };
  }
  const began_at = new Date().toISOString();
  const ended = await compare();
  // A kind that could not be read in full is reported at the end of the round that finishes all of them.
  const error = ended.error && { error: { code: ended.error.code, message: ended.error.message } };
  await context.save(async (tx) => {
    await context.saveCheckpoint(tx, name, { ...done(began_at), off: ended.off, ...error });
  });
  return ended;
}

function isDenied(error: SyncError): boolean {
  return error.code === 'PERMISSION_MISSING';
}
