import { isUnusableAnswer, SyncError } from '../../errors.ts';

/** Concurrent queries; each takes GitHub some seconds. */
const SIDE_BY_SIDE = 4;
const SMALLEST = 5;
/** After this many unanswered single queries, and none answered, the cause is not in the queried objects. */
const ALONE_UNANSWERED_AT_MOST = 4;

/**
 * Queries many objects, `size` of them at a time; a query that is too large for GitHub is halved.
 *
 * @param unanswered receives each object that was queried alone without an answer, or not queried because
 * nothing is answered
 * @returns the size that was not too large
 */
export async function inChunks<Item>(
  items: readonly Item[],
  size: number,
  ask: (chunk: readonly Item[]) => Promise<void>,
  unanswered: (item: Item) => Promise<void>,
): Promise<number> {
  let fitting = size;
  let isAnswered = false;
  let aloneUnanswered = 0;
  const queue = chunks(items, size);

  async function fetchNext(): Promise<void> {
    for (let chunk = queue.shift(); chunk !== undefined; chunk = queue.shift()) {
      if (!isAnswered && aloneUnanswered >= ALONE_UNANSWERED_AT_MOST) {
        for (const item of chunk) await unanswered(item);
        continue;
      }
      try {
        await ask(chunk);
        isAnswered = true;
      } catch (error) {
        if (!isUnusableAnswer(error)) throw error;
        const [only] = chunk;
        if (chunk.length === 1 && only !== undefined) {
          aloneUnanswered += 1;
          await unanswered(only);
          continue;
        }
        const half = Math.ceil(chunk.length / 2);
        if (isTooSlow(error)) fitting = Math.max(SMALLEST, Math.min(fitting, half));
        queue.unshift(...chunks(chunk, half));
      }
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, fetchNext));
  return isAnswered ? fitting : size;
}

function isTooSlow(error: unknown): boolean {
  return error instanceof SyncError && error.code === 'GITHUB_UNAVAILABLE';
}

/** A list in parts of this size. */
export function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
