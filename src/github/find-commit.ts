import { isUnusableAnswer, type SyncError } from '../errors.ts';
import type { CommitRow } from '../model.ts';
import { commitAnswer, gitCommitAnswer, read } from './answers.ts';
import { toCommitRow } from './map.ts';
import type { GitHubSession } from './session/session.ts';

/** A commit that was requested individually. `null`: GitHub knows none with this SHA. */
export interface FoundCommit {
  row: CommitRow | null;
  /** false: its author's account was not shown */
  isWhole: boolean;
  date: string;
}

/**
 * One commit by its SHA. `GET /commits/{sha}` also computes its diff, which fails if that is too large; then
 * the Git object is requested, which has neither diff nor accounts.
 *
 * @throws SyncError GITHUB_UNAVAILABLE, GITHUB_BAD_ANSWER if neither is available; and errors that affect other
 * commits too
 */
export async function findCommit(session: GitHubSession, root: string, sha: string): Promise<FoundCommit> {
  let reason: SyncError | null = null;
  let date = new Date().toISOString();
  const sources = [
    { path: `/commits/${sha}?per_page=1`, schema: commitAnswer, isWhole: true },
    { path: `/git/commits/${sha}`, schema: gitCommitAnswer, isWhole: false },
  ];
  for (const { path, schema, isWhole } of sources) {
    try {
      const answer = await session.get(root + path, [404, 409, 422]);
      ({ date } = answer);
      if (answer.status !== 200) continue;
      const row = toCommitRow(read(schema, answer.data, 'commit'));
      if (row.sha === sha) return { row, isWhole, date };
    } catch (error) {
      if (!isUnusableAnswer(error)) throw error;
      reason ??= error;
    }
  }
  if (reason !== null) throw reason;
  return { row: null, isWhole: false, date };
}
