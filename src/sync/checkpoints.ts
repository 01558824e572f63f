import type { Checkpoint } from '../db/repository-sync/repository-state.ts';

/** The target of finished lists: further rounds of the same comparison do not read them again. */
export const DONE = 'done';

/** The address of a list that was read to its end, while its consequences are still being processed. */
const THROUGH = '';

/** A comparison that takes longer no longer shows GitHub at one time: what was read before is read again. */
const LONGEST_COMPARISON_MS = 3_600_000;

/**
 * @param url of the next page; null if the list was read to its end and its consequences are not processed yet
 */
export function atPage(url: string | null, began_at: string, target: string): Checkpoint {
  return { url: url ?? THROUGH, began_at, target };
}

/** For work without a page to resume at: `target` records the progress. */
export function atTarget(target: string, began_at = new Date().toISOString()): Checkpoint {
  return { url: THROUGH, began_at, target };
}

export function done(began_at?: string): Checkpoint {
  return atTarget(DONE, began_at);
}

export function isThrough(checkpoint: Checkpoint | undefined): boolean {
  return checkpoint?.url === THROUGH;
}

/** The checkpoint, unless it belongs to an earlier comparison. */
export function currentCheckpoint(checkpoint: Checkpoint | undefined): Checkpoint | undefined {
  if (checkpoint === undefined) return undefined;
  return Date.parse(checkpoint.began_at) > Date.now() - LONGEST_COMPARISON_MS ? checkpoint : undefined;
}
