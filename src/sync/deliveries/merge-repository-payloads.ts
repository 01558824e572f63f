import { isInFuture } from '../../time.ts';
import type { ShownRepository } from '../../github/payloads/payloads.ts';
import type { RepositoryRow } from '../../model.ts';
import { isSame } from '../announcements.ts';

/** The repository object in a delivery, beside its subject. */
export interface ShownBeside extends ShownRepository {
  guid: string;
  installationId: number | null;
}

export interface MergedRepository {
  /** newer than the stored row, and complete */
  write: RepositoryRow | null;
  /** the latest values of columns without a timestamp */
  figures: RepositoryRow | null;
  /** deliveries that leave the repository's state open: GitHub must be asked */
  ask: Set<string>;
  /** the newest `updated_at` shown */
  announced: string | null;
}

/**
 * Merges the repository objects in payloads, in any order. A newer `updated_at` replaces the whole row. GitHub
 * is asked if two states share a second, if a newer one is abridged, if another default branch needs other
 * commits, or if it belongs to another installation.
 *
 * A push shows the old `updated_at` and the new `pushed_at`: the latest `pushed_at` counts by itself.
 */
export function mergeRepositoryPayloads(
  shown: readonly ShownBeside[],
  stored: RepositoryRow,
  installationId: number | null,
): MergedRepository {
  const ask = new Set<string>();
  const own = shown.filter((one) => one.installationId === null || one.installationId === installationId);
  for (const { guid, installationId: other } of shown) {
    if (other !== null && other !== installationId) ask.add(guid);
  }
  const times = own.map(({ row }) => Date.parse(row.updated_at));
  const latest = Math.max(...times);
  const newest = own.filter(({ row }) => Date.parse(row.updated_at) === latest);
  const last = newest.findLast(({ whole }) => whole) ?? newest.at(-1);
  if (last === undefined) return { write: null, figures: null, ask, announced: null };
  const age = isInFuture(stored.updated_at) ? 1 : latest - Date.parse(stored.updated_at);
  const pushed = [stored, ...own.map(({ row }) => row)]
    .flatMap(({ pushed_at: time }) => time ?? [])
    .toSorted((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1);
  // Its GraphQL id never changes: with a wrong one nothing could be queried, until a list of repositories
  // repairs it.
  const row = { ...last.row, node_id: stored.node_id, pushed_at: pushed ?? null };
  for (const { guid, row: other, whole } of newest) {
    const isOpen =
      age > 0
        ? !last.whole || !isAlike(other, last.row) || row.default_branch !== stored.default_branch
        : age === 0 && whole && !isAlike(other, stored);
    if (isOpen) ask.add(guid);
  }
  return {
    write: age > 0 && last.whole ? row : null,
    figures: row,
    ask,
    announced: last.row.updated_at,
  };
}

/** Except for values that change without `updated_at`. */
function isAlike(a: RepositoryRow, b: RepositoryRow): boolean {
  return isSame(describedBy(a), describedBy(b));
}

function describedBy({
  pushed_at: _pushed,
  open_issues_count: _open,
  language: _language,
  stargazers_count: _stars,
  forks_count: _forks,
  ...row
}: RepositoryRow) {
  return row;
}
