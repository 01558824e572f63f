import type { z } from 'zod';
import { SyncError } from '../../errors.ts';

/**
 * An element of a list that GitHub has and that cannot be read: whatever it shows of its identity, and why. It is
 * there: whoever compares a list neither takes it for absent nor counts without it.
 */
export interface Unreadable {
  id: number | null;
  node_id: string | null;
  number: number | null;
  name: string | null;
  sha: string | null;
  /** the field or the status that was the matter, never content */
  reason: string;
}

/** An element of which nothing is known but that it is there. */
export function unknownElement(reason: string): Unreadable {
  return { id: null, node_id: null, number: null, name: null, sha: null, reason };
}

/** What a list lacks that leads in a circle, or on and on: what it showed is kept, and nothing counts as absent. */
export function endlessElement(list: string): Unreadable {
  return unknownElement(`${list}: its pages have no end`);
}

/**
 * Reads a list element by element: one that does not fit is set aside, the others are kept.
 *
 * @throws SyncError GITHUB_BAD_ANSWER when `data` is no list at all
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

/** What of its identity an element shows that cannot be read whole. */
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
