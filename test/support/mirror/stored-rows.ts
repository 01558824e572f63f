import type { Row } from './difference.ts';

/** Asks the product's database. */
export type Query = <T extends Row>(sql: string, values?: unknown[]) => Promise<T[]>;

/** The rows of a question by key, as plain data: ids are numbers, times ISO text in whole seconds where they are whole. */
export async function rowsByKey(
  query: Query,
  sql: string,
  keyOf: (row: Row) => string,
  values: unknown[] = [],
): Promise<Map<string, Row>> {
  const rows = await query(sql, values);
  return new Map(
    rows.map((raw) => {
      const row = Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, plain(name, value)]));
      return [keyOf(row), row];
    }),
  );
}

function plain(name: string, value: unknown): unknown {
  if (value instanceof Date) return value.toISOString().replace('.000Z', 'Z');
  const isId = name === 'id' || (name.endsWith('_id') && name !== 'node_id');
  return (isId || name === 'size') && typeof value === 'string' && /^\d+$/.test(value)
    ? Number(value)
    : value;
}
