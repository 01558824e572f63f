import { sql } from 'kysely';
import type { RowCounts } from '../../model.ts';
import type { Sql } from '../orm.ts';

/** The result of the last full comparisons, over all repositories. */
export interface DriftTotals {
  repositories: number;
  /** rows compared, per table; all under one name if an earlier version compared them */
  compared: RowCounts;
  /** rows that differed from GitHub and were repaired, per table */
  healed: RowCounts;
}

export interface RepositoryDrift {
  repository_id: number;
  full_name: string;
  healed: RowCounts;
}

/** How many repositories one statement reads, because it has to end within seconds. */
const PAGE = 1000;

const verifiedSince = (since: string) =>
  sql`r.removed_at is null and s.verified is not null and s.verified_at >= ${since}`;

/** The sum of the last full comparison of each live repository, if it was made since `since`. */
export async function sumDrift(db: Sql, since: string): Promise<DriftTotals> {
  const sums = { compared: new Map<string, number>(), healed: new Map<string, number>() };
  let repositories = 0;
  for (let after: number | null = 0; after !== null;) {
    const page: DriftPage = await sumPage(db, since, after);
    repositories += page.repositories;
    for (const { kind, name, rows } of page.counts) sums[kind].set(name, (sums[kind].get(name) ?? 0) + rows);
    after = page.repositories < PAGE ? null : page.last;
  }
  const { compared, healed } = sums;
  return { repositories, compared: Object.fromEntries(compared), healed: Object.fromEntries(healed) };
}

interface DriftPage {
  repositories: number;
  last: number | null;
  counts: { kind: 'compared' | 'healed'; name: string; rows: number }[];
}

async function sumPage(db: Sql, since: string, after: number): Promise<DriftPage> {
  const { rows } = await sql<DriftPage>`
    with page as (
      select s.repository_id, s.verified from repository_sync s join repositories r on r.id = s.repository_id
      where s.repository_id > ${after} and ${verifiedSince(since)} order by s.repository_id limit ${PAGE}
    ), counts as (
      select t.kind, t.name, sum(t.n::bigint) as rows from page
      cross join lateral (
        select 'compared' as kind, c.* from jsonb_each_text(
          coalesce(verified -> 'compared', jsonb_build_object('rows', verified -> 'rows'))) as c(name, n)
        union all
        select 'healed', h.* from jsonb_each_text(verified -> 'healed') as h(name, n)
      ) t group by t.kind, t.name
    )
    select (select count(*) from page) as repositories, (select max(repository_id) from page) as last,
      (select coalesce(json_agg(c order by kind, name), '[]') from counts c) as counts`.execute(db);
  return rows[0] ?? { repositories: 0, last: null, counts: [] };
}

/** The repositories in which something differed, in pages, however many there are. */
export async function* readDrift(db: Sql, since: string): AsyncGenerator<RepositoryDrift[]> {
  for (let after = 0; ;) {
    const { rows } = await sql<RepositoryDrift>`
      select s.repository_id, r.full_name, s.verified -> 'healed' as healed
      from repository_sync s join repositories r on r.id = s.repository_id
      where s.repository_id > ${after} and ${verifiedSince(since)}
        and exists (select 1 from jsonb_each_text(s.verified -> 'healed') as h(name, n) where n <> '0')
      order by s.repository_id limit ${PAGE}`.execute(db);
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.repository_id;
  }
}

/** Live repositories that were not compared in full since `since`. Paused ones cannot be. */
export async function countUnverified(db: Sql, since: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from repositories r left join repository_sync s on s.repository_id = r.id
    where r.removed_at is null and r.sync_status <> 'paused' and (s.verified_at is null or s.verified_at < ${since})`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}
