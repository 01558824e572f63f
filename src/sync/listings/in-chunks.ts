import { SyncError } from '../../errors.ts';

/** Questions side by side; each makes GitHub work for some seconds. */
const SIDE_BY_SIDE = 4;
const SMALLEST = 5;
/** After so many that were not answered even alone, while nothing was, it is no matter of single ones. */
const IN_VAIN = 4;

/**
 * Asks about many things, `size` of them in one question; a question that is too much for GitHub is halved.
 *
 * @param unanswered takes one that was asked about alone and still not answered, or not asked about because nothing is answered
 * @returns the size that was not too much
 */
export async function inChunks<Item>(
  items: readonly Item[],
  size: number,
  ask: (chunk: readonly Item[]) => Promise<void>,
  unanswered: (item: Item) => Promise<void>,
): Promise<number> {
  let fitting = size;
  let isAnswered = false;
  let inVain = 0;
  const queue = chunks(items, size);

  async function askNext(): Promise<void> {
    for (let chunk = queue.shift(); chunk !== undefined; chunk = queue.shift()) {
      if (!isAnswered && inVain >= IN_VAIN) {
        for (const item of chunk) await unanswered(item);
        continue;
      }
      try {
        await ask(chunk);
        isAnswered = true;
      } catch (error) {
        if (!isTooMuch(error)) throw error;
        const [only] = chunk;
        if (chunk.length === 1 && only !== undefined) {
          inVain += 1;
          await unanswered(only);
          continue;
        }
        const half = Math.ceil(chunk.length / 2);
        if (isTooSlow(error)) fitting = Math.max(SMALLEST, Math.min(fitting, half));
        queue.unshift(...chunks(chunk, half));
      }
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, askNext));
  return isAnswered ? fitting : size;
}

function isTooSlow(error: unknown): boolean {
  return error instanceof SyncError && error.code === 'GITHUB_UNAVAILABLE';
}

/** A question that may be answered when it asks for less: a timeout, or one thing that spoils it. */
function isTooMuch(error: unknown): boolean {
  return isTooSlow(error) || (error instanceof SyncError && error.code === 'GITHUB_BAD_ANSWER');
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
