import type { z } from 'zod';
import { SyncError } from '../../errors.ts';

/**
 * An element of a list that exists but cannot be read: what it shows of its identity, and why. A comparison
 * must neither treat it as absent nor count without it.
 */
export interface Unreadable {
  id: number | null;
  node_id: string | null;
  number: number | null;
  name: string | null;
  sha: string | null;
  /** the field or status that was wrong, never content */
  reason: string;
}

/** An element of which nothing is known except that it exists. */
export function unknownElement(reason: string): Unreadable {
  return { id: null, node_id: null, number: null, name: null, sha: null, reason };
}

/** The error for a list that loops or never ends: what it showed is kept, and nothing counts as absent. */
export function endlessElement(list: string): Unreadable {
  return unknownElement(`${list}: its pages have no end`);
}

/**
 * Reads a list element by element: those that do not parse are set aside, the others are kept.
 *
 * @throws SyncError GITHUB_BAD_ANSWER if `data` is not a list
 */
export function readEach<T extends z.ZodType>(
  schema: T,
  data: unknown,
  what: string,
): { items: z.output<T>[]; unreadable: Unreadable[] } {
  if (!Array.isArray(data)) throw new SyncError('GITHUB_BAD_ANSWER', `${what}: not a list`);
  const items: z.output<T>[] = [];
  const unreadable: Unreadable[] = [];
  for (const element of data) {
    const parsed = schema.safeParse(element);
    if (parsed.success) items.push(parsed.data);
    else {
      const [issue] = parsed.error.issues;
      const reason = `${what}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
      unreadable.push(identify(element, reason));
    }
  }
  return { items, unreadable };
}

/** The identity of an element that cannot be read as a whole, as far as it shows one. */
function identify(element: unknown, reason: string): Unreadable {
  const id = field(element, 'id');
  const number = field(element, 'number');
  return {
    id: typeof id === 'number' && Number.isSafeInteger(id) ? id : null,
    node_id: textOrNull(field(element, 'node_id')),
    number: typeof number === 'number' && Number.isSafeInteger(number) ? number : null,
    name: textOrNull(field(element, 'name')),
    sha: textOrNull(field(element, 'sha')),
    reason,
  };
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
