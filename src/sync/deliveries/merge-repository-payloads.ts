import { isAhead } from '../ahead.ts';
import type { ShownRepository } from '../../github/payloads/payloads.ts';
import type { RepositoryRow } from '../../model.ts';
import { isSame } from '../announcements.ts';

/** A repository as a delivery shows it beside its subject. */
export interface ShownBeside extends ShownRepository {
  guid: string;
  installationId: number | null;
}

export interface MergedRepository {
  /** newer than what is stored, and whole */
  write: RepositoryRow | null;
  /** the newest figures that no clock tells of */
  figures: RepositoryRow | null;
  /** deliveries that leave open what the repository is like: GitHub has to be asked */
  ask: Set<string>;
  /** the newest `updated_at` shown */
  announced: string | null;
}

/**
 * Works out what payloads show of their repository, in whatever order they came. Whole where its `updated_at` is
 * newer; asked for where two states share a second, where a newer one is shortened, where another default branch
 * needs other commits, and where another installation speaks.
 *
 * A push shows `updated_at` from before it and `pushed_at` from after: the latest `pushed_at` counts by itself.
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
  const age = isAhead(stored.updated_at) ? 1 : latest - Date.parse(stored.updated_at);
  const pushed = [stored, ...own.map(({ row }) => row)]
    .flatMap(({ pushed_at: time }) => time ?? [])
    .toSorted((a, b) => Date.parse(a) - Date.parse(b))
    .at(-1);
  // Its name in GraphQL never changes: with a wrong one nothing of it could be asked, which a list of repositories repairs.
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

/** But for what moves without `updated_at`. */
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
