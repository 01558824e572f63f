import { sql, type RawBuilder } from 'kysely';
import { allowLongStatements } from '../long-statement.ts';
import type { Sql } from '../orm.ts';

const columns = [
  'commits',
  'issues',
  'open_issues',
  'pull_requests',
  'open_pull_requests',
  'open_review_requests',
];
const named = sql.join(columns.map((name) => sql.ref(name)));

/** Each of these columns of `repository_totals`, as the repository's rows say. */
const counted = (repositoryId: number): RawBuilder<unknown> => sql`
  select ${named}
  from (
    select count(*) as commits from commits where repository_id = ${repositoryId} and orphaned_at is null
  ) c cross join (
    select count(*) as issues, count(*) filter (where state = 'open') as open_issues
    from issues where repository_id = ${repositoryId} and deleted_at is null
  ) i cross join (
    select count(*) as pull_requests, count(*) filter (where state = 'open') as open_pull_requests,
      coalesce(sum(cardinality(requested_reviewers) + cardinality(requested_teams)) filter (where state = 'open'), 0)
        as open_review_requests
    from pull_requests where repository_id = ${repositoryId} and deleted_at is null
  ) p`;

/**
 * Whether a repository's totals differ from its rows. Triggers keep them equal, but not for who writes without triggers: a
 * restore of data alone, a session in the role of a replica. It only reads, and holds no lock while it counts.
 */
export async function differInTotals(tx: Sql, repositoryId: number): Promise<boolean> {
  const differing = columns.map((name) => sql`n.${sql.ref(name)} <> coalesce(t.${sql.ref(name)}, 0)`);
  const { rows } = await allowLongStatements(tx, () =>
    sql`select 1 from (${counted(repositoryId)}) n
      left join repository_totals t on t.repository_id = ${repositoryId}
      where ${sql.join(differing, sql` or `)}`.execute(tx),
  );
  return rows.length > 0;
}

/** Makes them equal. Whoever writes rows of the repository waits until the transaction ends. */
export async function recountTotals(tx: Sql, repositoryId: number): Promise<void> {
  await allowLongStatements(tx, async () => {
    // Locked before it is counted: what others had written by then is seen, and what they write next is added to it.
    await sql`insert into repository_totals as t (repository_id) values (${repositoryId})
      on conflict (repository_id) do update set commits = t.commits`.execute(tx);
    await sql`update repository_totals set (${named}) = (${counted(repositoryId)})
      where repository_id = ${repositoryId}`.execute(tx);
  });
}
