import { z } from 'zod';

/** The rows of a page: the answer itself or, beside their `total_count`, one of its fields. */
const wrapped = z.object({ repositories: z.array(z.unknown()) });

export function itemsOf(data: unknown): unknown[] | null {
  return Array.isArray(data) ? data : (wrapped.safeParse(data).data?.repositories ?? null);
}

/** The same answer with other rows. */
export function withItems(data: unknown, items: unknown[]): unknown {
  return Array.isArray(data) || data === null || typeof data !== 'object'
    ? items
    : { ...data, repositories: items };
}
