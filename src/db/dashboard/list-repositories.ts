import { sql, type RawBuilder } from 'kysely';
import type { SweepSettings } from '../health/sweep-figures.ts';
import type { Sql } from '../orm.ts';
import { pageOf } from '../page-of.ts';
import { freshness, type Freshness } from './freshness.ts';

interface ListedRepository {
  id: number;
  full_name: string;
  private: boolean;
  archived: boolean;
  fork: boolean;
  language: string | null;
  freshness: Freshness;
  sync_error: string | null;
  last_synced_at: string | null;
  pushed_at: string | null;
  removed_reason: string | null;
  commits: number;
  issues: number;
  pull_requests: number;
}

/** By name; most recently pushed first; least recently compared first; most first. */
export const repositorySorts = ['name', 'pushed', 'synced', 'commits', 'issues', 'pull_requests'] as const;
type RepositorySort = (typeof repositorySorts)[number];

export interface RepositoryFilter {
  limit: number;
  /** part of the full name, case ignored */
  text?: string | undefined;
  state?: Freshness | undefined;
  installationId?: number | undefined;
  sort: RepositorySort;
  after?: [place: string, id: number] | undefined;
}

export interface RepositoryPage {
  repositories: ListedRepository[];
  /** how many match, over all pages */
  total: number;
  next: [place: string, id: number] | null;
}

/** The sort keys of repositories: text that preserves the order, so that a cursor can hold it. */
const places: Record<RepositorySort, RawBuilder<string>> = {
  name: sql<string>`lower(r.full_name)`,
  pushed: mostFirst(sql`extract(epoch from coalesce(r.pushed_at, 'epoch'))`),
  synced: sql<string>`lpad(extract(epoch from coalesce(r.last_synced_at, 'epoch'))::bigint::text, 11, '0')`,
  commits: mostFirst(sql`coalesce(t.commits, 0)`),
  issues: mostFirst(sql`coalesce(t.issues, 0)`),
  pull_requests: mostFirst(sql`coalesce(t.pull_requests, 0)`),
};

/** Inverted, so that the largest count comes first in ascending order. */
function mostFirst(figure: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`lpad((9999999999 - (${figure})::bigint)::text, 11, '0')`;
}

/** One page of repositories. Removed ones only if requested. */
export async function listRepositories(
  db: Sql,
  settings: SweepSettings,
  filter: RepositoryFilter,
): Promise<RepositoryPage> {
  const place = places[filter.sort];
  const state = freshness(settings);
  const conditions: RawBuilder<unknown>[] = [
    filter.state === 'removed' ? sql`r.removed_at is not null` : sql`r.removed_at is null`,
  ];
  if (filter.state !== undefined) conditions.push(sql`${state} = ${filter.state}`);
  if (filter.installationId !== undefined) conditions.push(sql`r.installation_id = ${filter.installationId}`);
  if (filter.text !== undefined)
    conditions.push(sql`strpos(lower(r.full_name), ${filter.text.toLowerCase()}) > 0`);
  const matching = sql.join(conditions, sql` and `);
  const after =
    filter.after === undefined
      ? sql`true`
      : sql`(${place}, r.id) > (${filter.after[0]}, ${filter.after[1]}::bigint)`;
  const [{ rows }, counted] = await Promise.all([
    sql<ListedRepository & { place: string }>`
      select r.id, r.full_name, r.private, r.archived, r.fork, r.language, ${state} as freshness, r.sync_error,
        r.last_synced_at, r.pushed_at, r.removed_reason, coalesce(t.commits, 0) as commits,
        coalesce(t.issues, 0) as issues, coalesce(t.pull_requests, 0) as pull_requests, ${place} as place
      from repositories r left join repository_totals t on t.repository_id = r.id
      where ${matching} and ${after}
      order by ${place}, r.id limit ${filter.limit + 1}`.execute(db),
    sql<{ total: number }>`select count(*) as total from repositories r where ${matching}`.execute(db),
  ]);
  const { page, next } = pageOf(rows, filter.limit, ({ place: at, id }): [string, number] => [at, id]);
  return {
    repositories: page.map(({ place: _place, ...repository }) => repository),
    total: counted.rows[0]?.total ?? 0,
    next,
  };
}
