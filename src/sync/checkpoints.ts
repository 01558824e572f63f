import type { Checkpoint } from '../db/repository-sync/repository-state.ts';

/**
 * The keys of `repository_sync.walks`. Keys and contents are stored: processes of one major version share them.
 * A comparison ends all of them except those of further kinds; a full comparison also ends those whose key ends
 * in `all`.
 */
export const checkpointKeys = {
  history: 'commits',
  branches: 'branches',
  /** the numbers of pull requests still to be requested because their base moved with a branch */
  rebased: 'rebased pull requests',
  /** the list of changes of a kind */
  changes: (kind: string) => kind,
  /** the complete list of a kind */
  whole: (kind: string) => `${kind} all`,
  /** a kind was listed completely, and the rows missing from the list are still to be resolved */
  listed: (kind: string) => `${kind} listed`,
  /** the list of a kind that is read instead of many single requests */
  asked: (kind: string) => `${kind} asked`,
  /** a full comparison has finished a kind */
  done: (kind: string) => `${kind} done`,
  further: (list: string) => `further ${list}`,
  furtherWhole: (kind: string) => `further ${kind} all`,
  details: {
    /** the lowest id whose detail was read, among all and among those that just changed */
    all: 'further pull request details all',
    recent: 'further pull request details young',
    /** the same among those that changed earlier, while more remain unread than are recorded by number */
    old: 'further pull request details old',
    /** where a full comparison was cut off because GraphQL does not answer: what is below is read in later rounds */
    left: 'further pull request details left',
    /** all details were invalidated, so whatever has not been read yet is stale */
    missing: 'further pull request details missing',
  },
} as const;

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
