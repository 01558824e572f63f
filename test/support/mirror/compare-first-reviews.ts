import { differencesOf, type Row } from './difference.ts';
import type { StoredRows } from './stored-rows.ts';

/** `pull_request_first_reviews` are exactly what the stored live rows say. */
export function compareFirstReviews(stored: StoredRows): string[] {
  const bots = new Set(
    stored('contributors')
      .filter(({ type }) => type === 'Bot')
      .map(({ id }) => id),
  );
  const seen = [
    ...stored('pull_request_reviews').map((row) => ({ ...row, at: row['submitted_at'] })),
    ...stored('issue_comments').map((row) => ({ ...row, at: row['created_at'] })),
  ].filter(
    (row: Row) =>
      row['deleted_at'] === null &&
      !bots.has(row['author_id']) &&
      !String(row['author_login']).endsWith('[bot]'),
  );
  const onPull = Map.groupBy(seen, placeOf);
  const expected = stored('pull_requests')
    .filter((pull) => pull['deleted_at'] === null)
    .flatMap((pull): [string, Row][] => {
      const times = (onPull.get(placeOf(pull)) ?? [])
        .filter((row: Row) => row['author_id'] !== pull['author_id'])
        .flatMap(({ at }) => (typeof at === 'string' ? at : []));
      const [first] = times.toSorted((a, b) => Date.parse(a) - Date.parse(b));
      if (first === undefined) return [];
      const waiting_since = pull['ready_for_review_at'] ?? pull['created_at'];
      return [
        [String(pull['id']), { repository_id: pull['repository_id'], waiting_since, first_review_at: first }],
      ];
    });
  const found = stored('pull_request_first_reviews').map((row): [string, Row] => [
    String(row['pull_request_id']),
    row,
  ]);
  return differencesOf('pull_request_first_reviews', new Map(expected), new Map(found));
}

function placeOf(row: Row): string {
  return `${String(row['repository_id'])}/${String(row['number'])}`;
}
