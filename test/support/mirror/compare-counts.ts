import { differencesOf, type Row } from './difference.ts';
import { byRepository, type StoredRows } from './stored-rows.ts';

/** `repository_contributors` and `repository_totals` are exactly what the stored live rows say. */
export function compareCounts(stored: StoredRows): string[] {
  return [...compareShares(stored), ...compareTotals(stored)];
}

function compareShares(stored: StoredRows): string[] {
  const counted = new Map<string, { n: number; times: string[] }>();
  for (const { repository_id: id, author_id: author, committed_at: at, orphaned_at: orphaned } of stored(
    'commits',
  )) {
    if (typeof author !== 'number' || orphaned !== null) continue;
    const key = `${String(id)}/${author}`;
    const share = counted.get(key) ?? { n: 0, times: [] };
    share.n += 1;
    if (typeof at === 'string') share.times.push(at);
    counted.set(key, share);
  }
  const shares = [...counted].map(([key, { n, times }]): [string, Row] => {
    const sorted = times.sort((a, b) => Date.parse(a) - Date.parse(b));
    return [
      key,
      { commits_count: n, first_commit_at: sorted[0] ?? null, last_commit_at: sorted.at(-1) ?? null },
    ];
  });
  const rows = stored('repository_contributors').map((row): [string, Row] => [
    `${String(row['repository_id'])}/${String(row['contributor_id'])}`,
    row,
  ]);
  return differencesOf('repository_contributors', new Map(shares), new Map(rows));
}

function compareTotals(stored: StoredRows): string[] {
  const totals = byRepository(stored('repository_totals'));
  const [commits, issues, pulls] = (['commits', 'issues', 'pull_requests'] as const).map((table) =>
    byRepository(stored(table).filter((row) => (row['orphaned_at'] ?? row['deleted_at'] ?? null) === null)),
  );
  const counts = stored('repositories').map(({ id }): [string, Row] => {
    const open = (pulls?.get(id) ?? []).filter(({ state }) => state === 'open');
    return [
      String(id),
      {
        commits: commits?.get(id)?.length ?? 0,
        issues: issues?.get(id)?.length ?? 0,
        open_issues: (issues?.get(id) ?? []).filter(({ state }) => state === 'open').length,
        pull_requests: pulls?.get(id)?.length ?? 0,
        open_pull_requests: open.length,
        open_review_requests: open.flatMap((pull) =>
          [pull['requested_reviewers'], pull['requested_teams']].flat(),
        ).length,
      },
    ];
  });
  const none = {
    commits: 0,
    issues: 0,
    open_issues: 0,
    pull_requests: 0,
    open_pull_requests: 0,
    open_review_requests: 0,
  };
  const ids = new Set([...stored('repositories').map(({ id }) => id), ...totals.keys()]);
  const rows = [...ids].map((id): [string, Row] => [String(id), totals.get(id)?.[0] ?? none]);
  return differencesOf('repository_totals', new Map(counts), new Map(rows));
}
