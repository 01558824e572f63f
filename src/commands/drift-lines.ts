import type { RepositoryDrift } from '../db/queue/drift.ts';

/** What a complete comparison found: the rows compared and those that differed, by table, then by repository. */
export function driftLines(drift: readonly RepositoryDrift[]): string[] {
  const compared = sumByTable(drift.map((one) => one.compared));
  const healed = sumByTable(drift.map((one) => one.healed));
  const rows = total(compared);
  const differed = total(healed);
  const found = differed === 0 ? 'no drift' : `${differed} rows differed and were healed`;
  const lines = [`${drift.length} repositories, ${rows} rows compared: ${found}`];
  for (const table of new Set([...compared.keys(), ...healed.keys()])) {
    const counts = `${compared.get(table) ?? 0} compared, ${healed.get(table) ?? 0} healed`;
    lines.push(`  ${table.padEnd(24)} ${counts}`);
  }
  for (const { full_name, healed: own } of drift) {
    const parts = Object.entries(own).flatMap(([table, count]) => (count > 0 ? [`${count} ${table}`] : []));
    if (parts.length > 0) lines.push(`  ${full_name}: ${parts.join(', ')}`);
  }
  return lines;
}

function sumByTable(counts: readonly Record<string, number>[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [table, rows] of counts.flatMap((one) => Object.entries(one))) {
    sums.set(table, (sums.get(table) ?? 0) + rows);
  }
  return sums;
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, rows) => sum + rows, 0);
}
