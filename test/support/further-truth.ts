import type { Context } from '../../sandbox/shapes/context.ts';
import type { Mirror } from './mirror.ts';
import { differencesOf, type Row } from './mirror/difference.ts';
import { furtherRows } from './mirror/further-rows.ts';

/** What one table of the mirror has otherwise than the sandbox, a line for each difference. */
export async function differencesIn(mirror: Mirror, table: string): Promise<string[]> {
  const { sandbox } = mirror;
  const context: Context = { world: sandbox.world, api: sandbox.url };
  const expected = [...sandbox.world.state.repositories.values()].flatMap((repository) =>
    (furtherRows[table]?.(context, repository) ?? []).map((row) => ({
      ...row,
      repository_id: repository.id,
    })),
  );
  const stored = await mirror.rows<Row>(`select * from ${table} where deleted_at is null`);
  return differencesOf(table, byKey(expected), byKey(stored.map(asGitHub)));
}

/** PostgreSQL answers times with milliseconds, GitHub without. */
function asGitHub(row: Row): Row {
  const fields = Object.entries(row).map(([name, value]): [string, unknown] => [
    name,
    typeof value === 'string' ? value.replace(/\.000Z$/, 'Z') : value,
  ]);
  return Object.fromEntries(fields);
}

function byKey(rows: readonly Row[]): Map<string, Row> {
  return new Map(
    rows.map((row) => [`${String(row['repository_id'])}/${String(row['id'] ?? row['name'])}`, row]),
  );
}
