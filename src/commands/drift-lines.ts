import type { RepositoryDrift } from '../db/queries/drift.ts';

/** What a complete comparison found: the rows that differed, by table, then by repository. */
export function driftLines(drift: readonly RepositoryDrift[]): string[] {
  const tables = new Map<string, number>();
  for (const { healed } of drift) {
    for (const [table, rows] of Object.entries(healed)) tables.set(table, (tables.get(table) ?? 0) + rows);
  }
  const compared = drift.reduce((sum, { rows }) => sum + rows, 0);
  const total = [...tables.values()].reduce((sum, rows) => sum + rows, 0);
  const lines = [
    `${drift.length} repositories, ${compared} rows compared: ${total === 0 ? 'no drift' : `${total} rows differed and were healed`}`,
  ];
  if (total === 0) return lines;
  for (const [table, rows] of tables) lines.push(`  ${table.padEnd(24)} ${rows}`);
  for (const { full_name, healed } of drift) {
    const parts = Object.entries(healed).flatMap(([table, rows]) => (rows > 0 ? [`${rows} ${table}`] : []));
    if (parts.length > 0) lines.push(`  ${full_name}: ${parts.join(', ')}`);
  }
  return lines;
}
