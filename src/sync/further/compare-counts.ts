import { sqlOf } from '../../db/orm.ts';
import {
  issuesThatDiffer,
  parentsThatDiffer,
  pullRequestsSince,
  type CommentCount,
  type CountedParent,
} from '../../db/queries/comment-counts.ts';
import type { StoredRepository } from '../../db/queries/repository-state.ts';
import type { PullRequestCounts } from '../../github/pull-request-counts.ts';
import { noteCommentCount } from '../../db/writes/comment-count-differences.ts';
import { SyncError } from '../../errors.ts';
import { OutOfTime, type RepositoryWork } from '../repository-work.ts';
import type { CommentKind, CommentRow } from './comment-kind.ts';
import { forgetReading, readComments } from './read-comments.ts';
import { settleUnlisted } from './settle-comments.ts';

/**
 * Holds GitHub's count of comments against what is live here, parent by parent: a deletion, a transfer and a lost delivery
 * move no clock that a list by time of change goes by. Where they differ the list of that parent is read once, and each
 * comment that it lacks asked for; a difference that stays is remembered.
 *
 * @param since pull requests that changed at or after are asked about; null: none
 * @returns why something of it could not be had, or null
 * @throws OutOfTime between two parents
 */
export async function compareCounts<Row extends CommentRow>(
  work: RepositoryWork,
  kind: CommentKind<Row>,
  since: string | null,
): Promise<SyncError | null> {
  const counts = since === null ? [] : await countsSince(work, kind, since);
  const known = new Set(counts.map(({ number }) => number));
  const differing = await parentsThatDiffer(sqlOf(work.orm), kind.name, work.repository.id, counts);
  for (const parent of await storedCounts(work, kind)) if (!known.has(parent.number)) differing.push(parent);
  let first: SyncError | null = null;
  for (const parent of differing) {
    const { known, counted, stored } = parent;
    if (known?.counted === counted && known.stored === stored && counted !== stored) continue;
    const error =
      counted === stored ? await noteCount(work, kind, parent) : await readParent(work, kind, parent);
    first ??= error;
    if (work.timeIsUp()) throw new OutOfTime();
  }
  return first;
}

/** What GitHub counts of the pull requests that changed since the last comparison. */
async function countsSince(
  work: RepositoryWork,
  { name }: CommentKind,
  since: string,
): Promise<CommentCount[]> {
  const { repository } = work;
  if (!repository.has_pull_requests || !work.may.pullRequests) return [];
  const marks = Object.entries(repository.further_marks).flatMap(([kind, mark]) =>
    kind.endsWith('_comments') ? mark : [],
  );
  const earliest = [since, ...marks].toSorted()[0] ?? since;
  let known = asked.get(repository);
  if (known === undefined || known.since > since) {
    known = { since: earliest, counts: await askCounts(work, earliest) };
    asked.set(repository, known);
  }
  return known.counts.flatMap(({ number, comments, reviewComments }) => {
    const counted = name === 'issue_comments' ? comments : reviewComments;
    return counted === null ? [] : [{ number, counted }];
  });
}

/** GitHub's answer in this round: one question counts both kinds of comments. */
const asked = new WeakMap<StoredRepository, { since: string; counts: PullRequestCounts[] }>();

async function askCounts(work: RepositoryWork, since: string): Promise<PullRequestCounts[]> {
  const { id, node_id } = work.repository;
  const changed = await pullRequestsSince(sqlOf(work.orm), id, since);
  if (changed === 0) return [];
  return work.api.commentCounts(node_id, since, changed).catch((error: unknown) => {
    // Without GitHub's counts nothing is taken for deleted; the next comparison asks again.
    if (error instanceof SyncError && /^GITHUB_(BAD_ANSWER|UNAVAILABLE)$/.test(error.code)) return [];
    throw error;
  });
}

/** The parents whose rows, which are as new as GitHub's, say another number. */
async function storedCounts(work: RepositoryWork, { name }: CommentKind): Promise<CountedParent[]> {
  if (name !== 'issue_comments') return [];
  const { id, has_issues, has_pull_requests } = work.repository;
  return issuesThatDiffer(sqlOf(work.orm), id, {
    issues: has_issues && work.may.issues,
    pullRequests: has_pull_requests && work.may.pullRequests,
  });
}

/** Reads the comments of one parent whose count differs. */
async function readParent<Row extends CommentRow>(
  work: RepositoryWork,
  kind: CommentKind<Row>,
  parent: CommentCount,
): Promise<SyncError | null> {
  const { number, counted } = parent;
  const list = `${kind.name} of ${number}`;
  const reading = { walk: `further ${list}`, target: String(counted), list };
  const read = await readComments(work, kind, reading, (from) => work.api.listOfParent(kind, number, from));
  const error = read.whole ? await settleUnlisted(work, kind, list, number) : null;
  await forgetReading(work, reading);
  const [odd] = read.unreadable;
  if (odd !== undefined) return new SyncError('GITHUB_BAD_ANSWER', `one of the ${kind.label}: ${odd.reason}`);
  if (error !== null) return error;
  return noteCount(work, kind, parent);
}

async function noteCount(work: RepositoryWork, { name }: CommentKind, parent: CommentCount): Promise<null> {
  await work.save((tx) => noteCommentCount(tx, name, work.repository.id, parent).then(() => ({})));
  return null;
}
