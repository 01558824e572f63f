import type { StoredRepository, UnreadElement } from '../../db/repository-sync/repository-state.ts';
import type { CommitGap } from '../../db/commits/write-commits.ts';
import { SyncError } from '../../errors.ts';

/** Their name in `repository_sync.unread`. */
export const UNREAD_COMMITS = 'commits';

export type UnreadCommit = UnreadElement & { sha: string; parents: string[] };

/** The commits of the history that GitHub did not answer, or not with everything that a row contains. */
export function unreadCommits({ unread }: Pick<StoredRepository, 'unread'>): UnreadCommit[] {
  return (unread[UNREAD_COMMITS] ?? []).flatMap((one) =>
    one.sha === undefined ? [] : { ...one, sha: one.sha, parents: one.parents ?? [] },
  );
}

/** Where the history continues behind each of them. */
export function gapsOf(repository: Pick<StoredRepository, 'unread'>): CommitGap[] {
  return unreadCommits(repository).map(({ sha, parents }) => ({ sha, parents }));
}

/** Why the history is incomplete, or null. */
export function unreadCommitError(repository: Pick<StoredRepository, 'unread'>): SyncError | null {
  const unread = unreadCommits(repository);
  const [first] = unread;
  if (first === undefined) return null;
  const words = `${unread.length} of its commits, the first ${first.sha}: ${first.reason}`;
  return new SyncError('GITHUB_BAD_ANSWER', words);
}
