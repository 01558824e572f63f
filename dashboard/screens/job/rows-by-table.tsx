import type { NamedJob } from '../../../src/api/routes/dashboard/schemas.ts';
import { Card } from '../../ui/card.tsx';
import { formatCount } from '../../ui/format.ts';
import { Item, ItemList } from '../../ui/item-list.tsx';

/** The tables in which a job inserted or changed rows, most rows first. */
export function RowsByTable({ rows }: { rows: NamedJob['rows'] }) {
  const tables = Object.entries(rows)
    .filter(([, count]) => count > 0)
    .sort(([a, many], [b, more]) => more - many || a.localeCompare(b));
  return (
    <Card title="Rows by table" aside="inserted or changed" flush>
      <ItemList none="None: nothing had changed at GitHub.">
        {tables.map(([table, count]) => (
          <Item key={table} end={formatCount(count)}>
            <code className="font-mono text-xs">{table}</code>
          </Item>
        ))}
      </ItemList>
    </Card>
  );
}
