import { sql, type RawBuilder } from 'kysely';

/**
 * The statement that writes rows of `repository_contributors` that differ.
 *
 * @param rows a query for repository, contributor, number of commits, first and last time
 */
export function upsertShares(rows: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`insert into repository_contributors as rc
        (repository_id, contributor_id, commits_count, first_commit_at, last_commit_at)
      ${rows}
      on conflict (repository_id, contributor_id) do update
        set commits_count = excluded.commits_count, first_commit_at = excluded.first_commit_at,
            last_commit_at = excluded.last_commit_at
        where (rc.commits_count, rc.first_commit_at, rc.last_commit_at)
          is distinct from (excluded.commits_count, excluded.first_commit_at, excluded.last_commit_at)`;
}
