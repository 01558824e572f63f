import type { StoredRepository, UnreadElement } from '../../db/repository-sync/repository-state.ts';
import { showUnread, forgetAppliedProbe } from '../../db/repository-sync/repository-progress.ts';
import { DRIFT } from '../../db/repository-sync/add-drift.ts';
import { REFUSED_ROWS } from '../../db/repositories/find-refused.ts';
import { nameOf, type RefusedRow } from '../../db/rows/upsert-rows.ts';
import type { Sql } from '../../db/orm.ts';
import { SyncError } from '../../errors.ts';
import { saveUnreadOf } from './unread-elements.ts';

/** How many are recorded individually; the full comparison finds any others again. */
const KEPT = 200;

type Repository = StoredRepository;

/** Rows that PostgreSQL rejected when they were last written, by `nameOf`. */
export function refusedNames({ unread }: Pick<Repository, 'unread'>): Set<string> {
  return new Set((unread[REFUSED_ROWS] ?? []).flatMap(({ row }) => row ?? []));
}

/** Whether PostgreSQL rejected some row, now or before: then fewer are here than were listed. */
export function isRefused({
  repository,
  refused,
}: {
  repository: Pick<Repository, 'unread'>;
  refused: readonly RefusedRow[];
}): boolean {
  return refused.length > 0 || keptRefusal(repository) !== null;
}

/** The error for rows that are not stored, reported until they are. */
export function keptRefusal({ unread }: Pick<Repository, 'unread'>): SyncError | null {
  const kept = unread[REFUSED_ROWS] ?? [];
  const [first] = kept;
  if (first === undefined) return null;
  return new SyncError('ROW_REFUSED', `${kept.length} left out, the first ${first.reason}`);
}

/**
 * Records the rows that a transaction left out, and forgets those that it wrote completely.
 *
 * @param refused so far in this round
 * @param written names of recorded rows
 */
export async function keepRefused(
  tx: Sql,
  repository: Repository,
  refused: readonly RefusedRow[],
  written: ReadonlySet<string>,
): Promise<void> {
  const known = repository.unread[REFUSED_ROWS] ?? [];
  const met_at = new Date().toISOString();
  const met = new Map(
    refused.map((row): [string, UnreadElement] => [nameOf(row.table, row.key), toElement(row, met_at)]),
  );
  const began = repository.checkpoints[DRIFT]?.began_at ?? null;
  const isNew = [...met.keys()].some(
    (name) => !known.some(({ row, met_at: at }) => row === name && isSince(at, began)),
  );
  if (!isNew && written.size === 0) return;
  const others = known.filter(({ row = '' }) => !met.has(row) && !written.has(row));
  const kept = [...others, ...met.values()].filter(({ row = '' }) => !written.has(row)).slice(0, KEPT);
  await saveUnreadOf(tx, repository, REFUSED_ROWS, kept);
  if (kept.length > 0) await showUnread(tx, repository.id, keptRefusal(repository));
  else await forgetAppliedProbe(tx, repository.id);
}

/**
 * A full comparison that started after that writes every row: rows that it did not record again are stored, or
 * no longer exist.
 */
export async function forgetRefusedBefore(tx: Sql, repository: Repository, began: string): Promise<void> {
  const kept = (repository.unread[REFUSED_ROWS] ?? []).filter(({ met_at }) => isSince(met_at, began));
  await saveUnreadOf(tx, repository, REFUSED_ROWS, kept);
}

function isSince(at: string, began: string | null): boolean {
  return began === null || Date.parse(at) >= Date.parse(began);
}

function toElement({ table, key, state }: RefusedRow, met_at: string): UnreadElement {
  return { number: null, since: null, reason: `${table} ${key}: ${state}`, met_at, row: nameOf(table, key) };
}
