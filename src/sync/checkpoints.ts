import type { Checkpoint } from '../db/repository-sync/repository-state.ts';

/**
 * The keys of `repository_sync.walks`. They and what they hold are stored: processes of one major version share them. A
 * comparison ends all but those of further kinds, and a complete one these too where they end in `all`.
 */
export const checkpointKeys = {
  history: 'commits',
  branches: 'branches',
  /** the numbers of pull requests still to be asked for, whose base moved with a branch */
  rebased: 'rebased pull requests',
  /** the list of what changed of a kind */
  changes: (kind: string) => kind,
  /** the list of all of a kind */
  whole: (kind: string) => `${kind} all`,
  /** all of a kind was listed, and what the list lacks is still to be resolved */
  listed: (kind: string) => `${kind} listed`,
  /** the list of a kind that is read in place of questions one by one */
  asked: (kind: string) => `${kind} asked`,
  /** a complete comparison is through with a kind */
  done: (kind: string) => `${kind} done`,
  further: (list: string) => `further ${list}`,
  furtherWhole: (kind: string) => `further ${kind} all`,
  details: {
    /** the lowest id whose detail was read, of all and of those that changed just now */
    all: 'further pull request details all',
    recent: 'further pull request details young',
    /** all details were forgotten, so that what is not read yet is stale */
    missing: 'further pull request details missing',
  },
} as const;

/** The target of what has ended: further rounds of the same comparison do not read it again. */
export const DONE = 'done';

/** The address of a list that was read to its end, while what follows from it is under way. */
const THROUGH = '';

/** A comparison that takes longer is no longer one look at GitHub: what was read before is read again. */
const ONE_LOOK_MS = 3_600_000;

/** @param url of the next page; null: the list was read to its end, and what follows from it is not done */
export function atPage(url: string | null, began_at: string, target: string): Checkpoint {
  return { url: url ?? THROUGH, began_at, target };
}

/** Of work that has no page to resume at: `target` says how far it came. */
export function atTarget(target: string, began_at = new Date().toISOString()): Checkpoint {
  return { url: THROUGH, began_at, target };
}

export function done(began_at?: string): Checkpoint {
  return atTarget(DONE, began_at);
}

export function isThrough(checkpoint: Checkpoint | undefined): boolean {
  return checkpoint?.url === THROUGH;
}

/** The checkpoint, unless it belongs to an earlier look at GitHub. */
export function ofThisLook(checkpoint: Checkpoint | undefined): Checkpoint | undefined {
  if (checkpoint === undefined) return undefined;
  return Date.parse(checkpoint.began_at) > Date.now() - ONE_LOOK_MS ? checkpoint : undefined;
}
