/** The rows of a list's page: the answer itself or, beside its `total_count`, the only array: `repositories`. */
export function itemsOf(data: unknown): unknown[] | null {
  if (Array.isArray(data)) return data;
  const [only, ...others] = arraysIn(data);
  return only === undefined || others.length > 0 ? null : only[1];
}

/** The same answer with other rows. */
export function withItems(data: unknown, items: unknown[]): unknown {
  const [only] = arraysIn(data);
  return only === undefined ? items : { ...Object(data), [only[0]]: items };
}

/** The fields with arrays of an object that counts its rows. */
function arraysIn(data: unknown): [name: string, rows: unknown[]][] {
  if (typeof data !== 'object' || data === null || !('total_count' in data)) return [];
  return Object.entries(data).flatMap(([name, value]): [string, unknown[]][] =>
    Array.isArray(value) ? [[name, value]] : [],
  );
}
