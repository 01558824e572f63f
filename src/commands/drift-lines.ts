import type { DriftTotals, RepositoryDrift } from '../db/repository-sync/drift.ts';
import type { RowCounts } from '../model.ts';
import { counted } from '../text.ts';

/** The result of a full comparison: the rows compared and those that differed, per table. */
export function driftLines({ repositories, compared, healed }: DriftTotals): string[] {
  const differed = total(healed);
  const found =
    differed === 0
      ? 'no drift'
      : `${counted(differed, 'row')} differed and ${differed === 1 ? 'was' : 'were'} healed`;
  const those = counted(repositories, 'repository', 'repositories');
  const lines = [`${those}, ${counted(total(compared), 'row')} compared: ${found}`];
  for (const table of new Set([...Object.keys(compared), ...Object.keys(healed)])) {
    const counts = `${compared[table] ?? 0} compared, ${healed[table] ?? 0} healed`;
    lines.push(`  ${table.padEnd(24)} ${counts}`);
  }
  return lines;
}

/** What was repaired in one repository. */
export function repairedLine({ full_name, healed }: RepositoryDrift): string {
  const parts = Object.entries(healed).flatMap(([table, count]) => (count > 0 ? [`${count} ${table}`] : []));
  return `  ${full_name}: ${parts.join(', ')}`;
}

function total(counts: RowCounts): number {
  return Object.values(counts).reduce((sum, rows) => sum + rows, 0);
}
