import { SyncError } from '../../errors.ts';
import type { Probe } from '../../model.ts';
import type { ListDifference } from '../../db/repositories/repository-state.ts';
import { issues } from '../../entities/issues.ts';
import { pullRequests } from '../../entities/pull-requests.ts';
import { apart, compareList, type ComparedKind } from '../listings/compare-list.ts';
import { deniedKinds } from '../readable.ts';
import { refetchUnreadCommits } from '../listings/refetch-commits.ts';
import { compareBranches } from '../listings/compare-branches.ts';
import { compareCommits } from '../listings/compare-commits.ts';
import { refetchRebased } from '../listings/refetch-rebased.ts';
import type { RepositoryFacts } from './repository-facts.ts';
import type { RepositoryWriter } from './repository-writer.ts';
import type { RepositoryContext } from './repository-context.ts';
import { unreadCommitError } from '../listings/unread-commits.ts';

/** A change so shortly before GitHub was asked could share its second with one that the answer lacks. */
const YOUNG_MS = 60_000;

/** Which kinds of data have to be read. */
export interface Differences {
  refs: boolean;
  issues: boolean;
  pullRequests: boolean;
  releases: boolean;
}

/**
 * What GitHub shows as changed since the rows were last brought equal to it; all when it never was asked.
 *
 * @param youngToo counts as changed what was so young at the last look that another change could hide behind it
 */
export function changedSince(seen: Probe | null, now: Probe | null, youngToo = true): Differences {
  if (seen === null || now === null) return all;
  const asked = Date.parse(seen.asked_at);
  const young = (time: string | null) => youngToo && time !== null && Date.parse(time) > asked - YOUNG_MS;
  return {
    refs:
      seen.head_sha !== now.head_sha ||
      seen.default_branch !== now.default_branch ||
      seen.pushed_at !== now.pushed_at ||
      young(seen.pushed_at),
    issues:
      now.issues_count !== null &&
      (seen.issues_count !== now.issues_count ||
        seen.issues_updated_at !== now.issues_updated_at ||
        young(seen.issues_updated_at)),
    pullRequests:
      now.pull_requests_count !== null &&
      (seen.pull_requests_count !== now.pull_requests_count ||
        seen.pull_requests_updated_at !== now.pull_requests_updated_at ||
        young(seen.pull_requests_updated_at)),
    releases:
      (seen.latest_release ?? null) !== (now.latest_release ?? null) ||
      (seen.latest_release_updated_at ?? null) !== (now.latest_release_updated_at ?? null) ||
      young(seen.latest_release_updated_at ?? null),
  };
}

const all: Differences = { refs: true, issues: true, pullRequests: true, releases: true };

/** What our own rows are counted as. */
interface OwnCounts {
  head_sha: string | null;
  has_issues: boolean;
  has_pull_requests: boolean;
  issues_count: number;
  pull_requests_count: number;
  differences: Record<string, ListDifference>;
}

/** What GitHub's answer tells, without the kinds that it has switched off: it counts none of these. */
export function ofKindsSwitchedOn(
  own: Pick<OwnCounts, 'has_issues' | 'has_pull_requests'>,
  now: Probe | null,
): Probe | null {
  return now === null
    ? null
    : without(now, { issues: !own.has_issues, pullRequests: !own.has_pull_requests });
}

/** No node of GitHub's has this id: its newest release is then another one, even if there is none. */
const NONE_SEEN = '';

/** The answer as if it told nothing of these kinds: they are read when it next does. */
export function without(
  probe: Probe,
  kinds: { issues: boolean; pullRequests: boolean; releases?: boolean },
): Probe {
  return {
    ...probe,
    ...(kinds.issues ? { issues_count: null, issues_updated_at: null } : {}),
    ...(kinds.pullRequests ? { pull_requests_count: null, pull_requests_updated_at: null } : {}),
    ...(kinds.releases === true ? { latest_release: NONE_SEEN } : {}),
  };
}

/**
 * Where our own rows do not agree with the answer, although GitHub may show no change since the last time: a row
 * that was lost or damaged here, or made by a delivery that came after the end of what it tells of.
 */
export function countMismatches(own: OwnCounts, now: Probe | null): Differences {
  return {
    refs: now !== null && now.head_sha !== null && own.head_sha !== now.head_sha,
    issues: other(own.issues_count + apart(own.differences['issues']), now?.issues_count),
    pullRequests: other(
      own.pull_requests_count + apart(own.differences['pull_requests']),
      now?.pull_requests_count,
    ),
    releases: false,
  };
}

function other(ours: number, theirs: number | null | undefined): boolean {
  return theirs !== null && theirs !== undefined && ours !== theirs;
}

/** What either of the two names. */
export function union(a: Differences, b: Differences): Differences {
  return {
    refs: a.refs || b.refs,
    issues: a.issues || b.issues,
    pullRequests: a.pullRequests || b.pullRequests,
    releases: a.releases || b.releases,
  };
}

export function isDifferent(found: Differences): boolean {
  return found.refs || found.issues || found.pullRequests || found.releases;
}

/** How the comparison of a repository ended. */
export interface ComparedRepository {
  /** why something could not be read, or null; everything else is right */
  error: SyncError | null;
  /** what the rows are equal to now: without the kinds that could not be read, which are read again next time */
  seen: Probe | null;
}

/**
 * Reads what changed and brings the rows to it, the kinds side by side. A kind that the App may not read is
 * left out, and one that GitHub has switched off keeps its rows.
 */
export async function compareRepository(
  context: RepositoryContext,
  probe: Probe | null,
  changed: Differences,
): Promise<ComparedRepository> {
  const { may } = context;
  const [refs, ...kindsEnded] = await Promise.allSettled([
    run(context, 'refs', changed.refs && may.contents, () => compareRefs(context, probe)),
    run(context, 'issues', changed.issues && may.issues, () => compareList(context, issues, probe)),
    run(context, 'pull_requests', changed.pullRequests && may.pullRequests, () =>
      compareList(context, pullRequests, probe),
    ),
  ]);
  // All are awaited, also when one fails: none may keep writing after the lease is released.
  const [issuesEnded, pullRequestsEnded] = kindsEnded;
  const ended = {
    refs: valueOf(refs),
    issues: valueOf(issuesEnded),
    pullRequests: valueOf(pullRequestsEnded),
  };
  const errors = Object.values(ended).flatMap(({ error }) => error ?? []);
  const kinds = { issues: unread(ended.issues), pullRequests: unread(ended.pullRequests) };
  return {
    error: errors.find((error) => !isDenied(error)) ?? errors[0] ?? deniedKinds(may),
    seen: probe === null || unread(ended.refs) ? null : without(probe, kinds),
  };
}

/** One kind of data, where it is to be compared; that the App may not read it is an end as well. */
async function run(
  context: RepositoryFacts & RepositoryWriter,
  kind: string,
  isDue: boolean,
  compare: () => Promise<ComparedKind>,
): Promise<ComparedKind> {
  if (!isDue) return nothingAmiss;
  try {
    return await once(context, kind, compare);
  } catch (error) {
    if (!(error instanceof SyncError) || !isDenied(error)) throw error;
    return { off: false, error };
  }
}

const nothingAmiss: ComparedKind = { off: false, error: null };

function unread({ off, error }: ComparedKind): boolean {
  return off || error !== null;
}

function valueOf(outcome: PromiseSettledResult<ComparedKind>): ComparedKind {
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

async function compareRefs(context: RepositoryContext, probe: Probe | null): Promise<ComparedKind> {
  const { head, error } = await compareBranches(context, probe);
  const filled = await refetchUnreadCommits(context);
  await compareCommits(context, head, filled);
  await refetchRebased(context);
  return { off: false, error: error ?? unreadCommitError(context.repository) };
}

/** A complete comparison that is longer than this is no longer one look at GitHub: it reads the kind again. */
const ONE_LOOK_MS = 3_600_000;

/**
 * In a complete comparison, a kind that an earlier round read to its end is not read again while the others still
 * need rounds: else it would only ever end when all of them happen to end in one and the same round.
 */
async function once(
  context: RepositoryFacts & RepositoryWriter,
  kind: string,
  compare: () => Promise<ComparedKind>,
): Promise<ComparedKind> {
  if (context.mode !== 'full') return compare();
  const name = `${kind} done`;
  const done = context.repository.checkpoints[name];
  if (done && Date.parse(done.began_at) > Date.now() - ONE_LOOK_MS) {
    const { error, off = false } = done;
    return { off, error: error === undefined ? null : new SyncError(error.code, error.message) };
  }
  const began_at = new Date().toISOString();
  const ended = await compare();
  // One that could not be read in full is said at the end of the round that ends them all.
  const error = ended.error && { error: { code: ended.error.code, message: ended.error.message } };
  await context.save(async (tx) => {
    await context.saveCheckpoint(tx, name, { url: '', began_at, target: 'done', off: ended.off, ...error });
  });
  return ended;
}

function isDenied(error: SyncError): boolean {
  return error.code === 'PERMISSION_MISSING';
}
