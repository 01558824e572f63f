import { sql, type RawBuilder } from 'kysely';
import type { Sql } from '../orm.ts';
import { isDue } from './due-deliveries.ts';

const LATE = sql`interval '1 minute'`;

/** A repository or installation with pending deliveries. */
export interface PendingWork {
  id: number;
  installationId: number | null;
  label: string | null;
  /** whether the oldest of them has been pending for more than a minute */
  isLate: boolean;
  /** when the latest of its pending deliveries arrived */
  newestAt: string;
}

export interface PendingPage {
  /** ids up to this one were examined before */
  afterId: number;
  limit: number;
  olderThanMs: number;
}

/**
 * Repositories with deliveries pending for longer than `olderThanMs`, by id. One index probe per repository
 * rather than per delivery: a million pending deliveries cost no more.
 */
export async function repositoriesWithPendingWork(
  db: Sql,
  { afterId, limit, olderThanMs }: PendingPage,
): Promise<PendingWork[]> {
  const { rows } = await sql<PendingWork>`
    with recursive oldest as (
      (select repository_id, received_at from webhook_deliveries
       where ${isDue} and repository_id > ${afterId}
       order by repository_id, received_at limit 1)
      union all
      select next.repository_id, next.received_at
      from oldest, lateral (
        select repository_id, received_at from webhook_deliveries
        where ${isDue} and repository_id > oldest.repository_id
        order by repository_id, received_at limit 1
      ) next
    ), page as (
      select repository_id, received_at from oldest
      where received_at < now() - ${olderThanMs}::int * interval '1 millisecond' limit ${limit}
    )
    select p.repository_id as id, r.installation_id as "installationId", r.full_name as label,
      p.received_at < now() - ${LATE} as "isLate", newest.received_at as "newestAt"
    from page p left join repositories r on r.id = p.repository_id
    cross join lateral (
      select received_at from webhook_deliveries
      where ${isDue} and repository_id = p.repository_id
      order by repository_id desc, received_at desc limit 1
    ) newest
    order by p.repository_id`.execute(db);
  return rows;
}

/** The same for installations and the deliveries that name no repository. */
export async function installationsWithPendingWork(
  db: Sql,
  { afterId, limit, olderThanMs }: PendingPage,
): Promise<PendingWork[]> {
  const { rows } = await sql<PendingWork>`
    select w.installation_id as id, w.installation_id as "installationId", i.account_login as label,
      w.oldest_at < now() - ${LATE} as "isLate", w.newest_at as "newestAt"
    from (
      select installation_id, min(received_at) as oldest_at, max(received_at) as newest_at from webhook_deliveries
      where ${isDue} and installation_id > ${afterId} and repository_id is null
      group by installation_id
      having min(received_at) < now() - ${olderThanMs}::int * interval '1 millisecond'
      order by installation_id limit ${limit}
    ) w left join installations i on i.id = w.installation_id
    order by w.installation_id`.execute(db);
  return rows;
}

/**
 * Repositories with pending deliveries, by id, and whether they are live here. One index probe per repository
 * rather than per delivery.
 */
export async function repositoriesWithPending(
  db: Sql,
  after: number,
  limit: number,
): Promise<{ id: number; known: boolean }[]> {
  const { rows } = await sql<{ id: number; known: boolean }>`
    with recursive waiting as (
      (${firstWaitingAfter(sql`${after}::bigint`)})
      union all
      select following.id from waiting, lateral (${firstWaitingAfter(sql`waiting.id`)}) following
    )
    select p.id, r.id is not null as known from (select id from waiting limit ${limit}) p
    left join repositories r on r.id = p.id and r.removed_at is null order by p.id`.execute(db);
  return rows;
}

function firstWaitingAfter(repositoryId: RawBuilder<unknown>) {
  return sql`select repository_id as id from webhook_deliveries
    where status = 'pending' and repository_id > ${repositoryId} order by repository_id limit 1`;
}
