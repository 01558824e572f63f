import { differencesOf, type Row } from './difference.ts';
import type { StoredRows, StoredTable } from './stored-rows.ts';

/** `pull_request_figures` are exactly what the stored live rows say. */
export function compareFigures(stored: StoredRows): string[] {
  const bots = new Set(
    stored('contributors')
      .filter(({ type }) => type === 'Bot')
      .map(({ id }) => id),
  );
  const live = (table: StoredTable) => stored(table).filter((row) => row['deleted_at'] === null);
  const byPeople = (table: StoredTable) =>
    live(table).filter(
      (row) => !bots.has(row['author_id']) && !String(row['author_login']).endsWith('[bot]'),
    );
  const reviews = byPull(byPeople('pull_request_reviews'));
  const comments = Map.groupBy(byPeople('issue_comments'), placeOf);
  const lineComments = byPull(byPeople('pull_request_review_comments'));
  const threads = byPull(live('pull_request_review_threads').filter(({ resolved }) => resolved === false));
  const expected = live('pull_requests').map((pull): [string, Row] => {
    const id = pull['id'];
    const own = (reviews.get(id) ?? []).filter((row) => row['author_id'] !== pull['author_id']);
    const approvals = own.filter(({ state }) => state === 'APPROVED').map((row) => row['submitted_at']);
    const row = {
      repository_id: pull['repository_id'],
      merged_at: pull['merged_at'],
      size: sizeOf(pull),
      hours_to_merge: hoursBetween(pull['created_at'], pull['merged_at']),
      coding_hours: hoursBetween(pull['first_commit_at'], pull['created_at']),
      reviews: own.length,
      is_reviewed: own.length > 0,
      reviewers: new Set(own.map((review) => review['author_id'])).size,
      review_rounds: new Set(own.flatMap((review) => review['commit_sha'] ?? [])).size,
      first_approval_at: approvals.map(String).toSorted((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null,
      comments: (comments.get(placeOf(pull))?.length ?? 0) + (lineComments.get(id)?.length ?? 0),
      unresolved_threads: threads.get(id)?.length ?? 0,
    };
    return [String(id), row];
  });
  const found = stored('pull_request_figures').map((row): [string, Row] => [
    String(row['pull_request_id']),
    row,
  ]);
  return differencesOf('pull_request_figures', new Map(expected), new Map(found));
}

function byPull(rows: readonly Row[]): Map<unknown, Row[]> {
  return Map.groupBy(rows, (row) => row['pull_request_id']);
}

function placeOf(row: Row): string {
  return `${String(row['repository_id'])}/${String(row['number'])}`;
}

function sizeOf({ additions, deletions }: Row): number | null {
  return typeof additions === 'number' && typeof deletions === 'number' ? additions + deletions : null;
}

function hoursBetween(from: unknown, to: unknown): number | null {
  if (typeof from !== 'string' || typeof to !== 'string') return null;
  return (Date.parse(to) - Date.parse(from)) / 3_600_000;
}
