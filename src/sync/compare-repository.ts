import { SyncError } from '../errors.ts';
import type { Probe } from '../model.ts';
import { deniedKinds } from './readable.ts';
import { compareBranches } from './compare-branches.ts';
import { compareCommits } from './compare-commits.ts';
import { compareIssues } from './compare-issues.ts';
import { comparePullRequests } from './compare-pull-requests.ts';
import { askRebased } from './rebased-pull-requests.ts';
import type { RepositoryWork } from './repository-work.ts';

/** A change so shortly before GitHub was asked could share its second with one that the answer lacks. */
const YOUNG_MS = 60_000;

/** Which kinds of data have to be read. */
export interface Differences {
  refs: boolean;
  issues: boolean;
  pullRequests: boolean;
}

/**
 * What GitHub shows as changed since the rows were last brought equal to it; all when it never was asked.
 *
 * @param youngToo counts as changed what was so young at the last look that another change could hide behind it
 */
export function differences(seen: Probe | null, now: Probe | null, youngToo = true): Differences {
  if (seen === null || now === null) return { refs: true, issues: true, pullRequests: true };
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
  };
}

/** What our own rows are counted as. */
interface OwnCounts {
  head_sha: string | null;
  has_issues: boolean;
  issues_count: number;
  pull_requests_count: number;
}

/**
 * Where our own rows do not agree with the answer, although GitHub may show no change since the last time: a row
 * that was lost or damaged here, or made by a delivery that came after the end of what it tells of.
 */
export function disagreements(own: OwnCounts, now: Probe | null): Differences {
  return {
    refs: now !== null && now.head_sha !== null && own.head_sha !== now.head_sha,
    issues: now !== null && own.has_issues && other(own.issues_count, now.issues_count),
    pullRequests: now !== null && other(own.pull_requests_count, now.pull_requests_count),
  };
}

function other(ours: number, theirs: number | null): boolean {
  return theirs !== null && ours !== theirs;
}

/** What either of the two names. */
export function either(a: Differences, b: Differences): Differences {
  return {
    refs: a.refs || b.refs,
    issues: a.issues || b.issues,
    pullRequests: a.pullRequests || b.pullRequests,
  };
}

export function isDifferent(found: Differences): boolean {
  return found.refs || found.issues || found.pullRequests;
}

/**
 * Reads what changed and brings the rows to it, the kinds side by side. A kind that the App may not read is
 * left out.
 *
 * @returns the error of a kind that was left out, or null
 */
export async function compareRepository(
  work: RepositoryWork,
  probe: Probe | null,
  changed: Differences,
): Promise<SyncError | null> {
  const kinds: (() => Promise<void>)[] = [];
  if (changed.refs && work.may.contents) {
    kinds.push(() => once(work, 'refs', () => compareRefs(work, probe)));
  }
  if (changed.issues && work.may.issues)
    kinds.push(() => once(work, 'issues', () => compareIssues(work, probe)));
  if (changed.pullRequests && work.may.pullRequests)
    kinds.push(() => once(work, 'pull_requests', () => comparePullRequests(work, probe)));
  // All are awaited, also when one fails: none may go on writing after the lease is released.
  const outcomes = await Promise.allSettled(kinds.map((kind) => kind()));
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  const fault = failures.find((error) => !isDenied(error));
  if (fault !== undefined) throw fault;
  return failures.find((error) => error instanceof SyncError) ?? deniedKinds(work.may);
}

async function compareRefs(work: RepositoryWork, probe: Probe | null): Promise<void> {
  const { head, error } = await compareBranches(work, probe);
  await compareCommits(work, head);
  await askRebased(work);
  if (error !== null) throw error;
}

/** A complete comparison that is longer than this is no longer one look at GitHub: it reads the kind again. */
const ONE_LOOK_MS = 3_600_000;

/**
 * In a complete comparison, a kind that an earlier round read to its end is not read again while the others still
 * need rounds: else it would only ever end when all of them happen to end in one and the same round.
 */
async function once(work: RepositoryWork, kind: string, compare: () => Promise<void>): Promise<void> {
  if (work.mode !== 'everything') return compare();
  const name = `${kind} done`;
  const done = work.repository.walks[name];
  if (done && Date.parse(done.began_at) > Date.now() - ONE_LOOK_MS) return;
  const began_at = new Date().toISOString();
  await compare();
  await work.save(async (tx) => {
    await work.saveWalk(tx, name, { url: '', began_at, target: 'done' });
    return {};
  });
}

function isDenied(error: unknown): boolean {
  return error instanceof SyncError && error.code === 'PERMISSION_MISSING';
}
