import type { Mirror } from './mirror.ts';
import { compareRows } from './mirror-comparison.ts';
import { byKey, isLive } from './mirror/compare-one-repository.ts';
import { differencesOf, type Row } from './mirror/difference.ts';
import { furtherTables } from './mirror/further-rows.ts';
import { createRowsOf, readStoredRows, storedTables, type StoredTable } from './mirror/stored-rows.ts';

/** GitHub is asked about these once an hour: a sweep may be behind on them. */
export const hourlyTables: ReadonlySet<StoredTable> = new Set(
  storedTables.filter((table) => furtherTables[table]?.isHourly),
);

/**
 * How the mirror of a test differs from its sandbox, one line per difference; its inbox is left out.
 *
 * @param details false: not what only GraphQL shows of pull requests
 */
export async function differencesFromGitHub(
  mirror: Mirror,
  { details = true }: { details?: boolean } = {},
): Promise<string[]> {
  const stored = await readStoredRows((statement) => mirror.rows<Row>(statement));
  return compareRows(mirror.sandbox, stored, { details, lagging: hourlyTables, unshown: false });
}

/** How one further table differs, for all repositories, whatever the App may read of them. */
export async function differencesIn(mirror: Mirror, name: string): Promise<string[]> {
  const { sandbox } = mirror;
  const context = { world: sandbox.world, api: sandbox.url };
  const table = storedTables.find((one) => one === name);
  const { rows, key = 'id' } = (table && furtherTables[table]) ?? {};
  if (table === undefined || rows === undefined) throw new Error(`nothing is known of ${name}`);
  const rowsOf = createRowsOf(await readStoredRows((statement) => mirror.rows<Row>(statement)));
  return [...sandbox.world.state.repositories.values()].flatMap((repository) =>
    differencesOf(
      table,
      byKey(rows(context, repository), key),
      byKey(rowsOf(table, repository.id).filter(isLive), key),
    ),
  );
}
