import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Sql } from '../../src/db/orm.ts';

export async function addInstallation(
  db: Sql,
  id: number,
  changes: { deleted?: boolean; suspended?: boolean } = {},
) {
  await sql`insert into installations (id, account_id, account_login, account_type, repository_selection, permissions,
      events, created_at, deleted_at, suspended_at)
    values (${id}, ${id}, ${`account-${id}`}, 'Organization', 'all', '{}', '[]', now(),
      ${changes.deleted ? sql`now()` : null}, ${changes.suspended ? sql`now()` : null})`.execute(db);
}

export interface RepositoryChanges {
  installationId?: number | null;
  removed?: boolean;
  /** SQL */
  lastSyncedAt?: string;
  status?: string;
}

export async function addRepository(db: Sql, id: number, changes: RepositoryChanges = {}) {
  const { installationId = 7, removed = false, lastSyncedAt = 'now()', status = 'fresh' } = changes;
  await sql`insert into repositories (id, node_id, installation_id, owner_login, name, full_name, private, visibility,
      archived, disabled, fork, default_branch, created_at, updated_at, sync_status, last_synced_at, removed_at,
      removed_reason)
    values (${id}, ${`R_${id}`}, ${installationId}, 'octo', ${`repo-${id}`}, ${`octo/repo-${id}`}, false, 'public',
      false, false, false, 'main', now(), now(), ${status}, ${sql.raw(lastSyncedAt)},
      ${removed ? sql`now()` : null}, ${removed ? 'deleted' : null})`.execute(db);
}

export async function addContributor(db: Sql, login: string): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into contributors (login, type) values (${login}, 'User') returning id`.execute(db);
  return rows[0]?.id ?? 0;
}

/** Commits of one author at a moment given as SQL. */
export async function addCommits(
  db: Sql,
  commits: { repositoryId: number; authorId: number; count: number; at: string; orphaned?: boolean },
) {
  await sql`insert into commits (repository_id, sha, message, author_id, committed_at, parents, orphaned_at)
    select ${commits.repositoryId}, ${randomUUID()} || n, 'message', ${commits.authorId}, ${sql.raw(commits.at)}, '{}',
      ${commits.orphaned ? sql`now()` : null}
    from generate_series(1, ${commits.count}::int) n`.execute(db);
}

export interface JobChanges {
  type?: string;
  status?: string;
  trigger?: string;
  installationId?: number | null;
  repositoryId?: number | null;
  /** SQL */
  startedAt?: string;
  finishedAt?: string;
  workflowId?: string;
  runId?: string;
}

export async function addJob(db: Sql, changes: JobChanges = {}): Promise<string> {
  const { type = 'webhook', status = 'completed', trigger = 'webhook' } = changes;
  const startedAt = sql.raw(changes.startedAt ?? 'now()');
  const finishedAt =
    status === 'running' ? null : sql.raw(changes.finishedAt ?? changes.startedAt ?? 'now()');
  const { rows } = await sql<{ id: string }>`
    insert into sync_jobs (id, job_type, status, trigger, installation_id, repository_id, started_at, finished_at,
      workflow_id, run_id)
    values (gen_random_uuid(), ${type}, ${status}, ${trigger}, ${changes.installationId ?? null},
      ${changes.repositoryId ?? null}, ${startedAt}, ${finishedAt}, ${changes.workflowId ?? 'repo-sync/42'},
      ${changes.runId ?? 'run 1'})
    returning id`.execute(db);
  return rows[0]?.id ?? '';
}

export async function addDelivery(
  db: Sql,
  delivery: {
    repositoryId?: number;
    installationId?: number;
    receivedAt?: string;
    status?: string;
    error?: string;
  },
) {
  await sql`insert into webhook_deliveries (guid, event, installation_id, repository_id, received_at, status, payload, error)
    values (gen_random_uuid(), 'push', ${delivery.installationId ?? null}, ${delivery.repositoryId ?? null},
      ${sql.raw(delivery.receivedAt ?? 'now()')}, ${delivery.status ?? 'pending'}, '{}', ${delivery.error ?? null})`.execute(
    db,
  );
}

/** Puts repositories into the queue; `mode` as it is stored. */
export async function queueRepositories(db: Sql, mode: string, ids: readonly number[]) {
  await sql`insert into repository_sync (repository_id, wanted_at, wanted_mode)
    select id, now(), ${mode} from unnest(${[...ids]}::bigint[]) id
    on conflict (repository_id) do update set wanted_at = excluded.wanted_at, wanted_mode = excluded.wanted_mode`.execute(
    db,
  );
}
