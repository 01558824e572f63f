import { nextQueued, type QueuedRepository } from '../../db/repository-sync/queued-repositories.ts';
import type { SyncDependencies } from '../context/sync-request.ts';
import { queuedPurpose } from '../repository/queued-purpose.ts';
import type { Purpose } from '../../github/session/purposes.ts';
import type { QueuedOutcome } from './compare-queued.ts';
import { createGroupImports } from './group-imports.ts';
import { probeBackfills } from './probe-backfills.ts';

/** How many are taken from the queue at a time. */
const PAGE = 20;

interface Reading {
  installationId: number;
  jobId: string;
  owner: string;
  signal: AbortSignal;
  /** nothing more is begun */
  isOver: () => boolean;
  onProgress: () => void;
  /** an import of small repositories failed in a way that ends all work */
  onFailed: (error: unknown) => void;
}

/** The repositories of a queue, each handed to one caller at a time. */
export interface QueueReader {
  /** The next repository, which is in progress from then on; null if none is left to begin. */
  next(): Promise<QueuedRepository | null>;
  /**
   * The repository is no longer in progress. If it is unfinished, it is handed out again; if it was compared,
   * only for its further kinds, which then wait for their turn (a backfill).
   */
  end(one: QueuedRepository, state: QueuedOutcome['state']): void;
  /** Hands out no more repositories whose requests have this purpose: the rate limit is kept from it. */
  skip(purpose: Purpose): void;
  /** Waits for those that are imported together: their leases are held until they end. */
  close(): Promise<void>;
}

/**
 * Reads the queue of an installation. Small repositories that were never compared are not handed out but
 * imported together, as long as there are more than a few; those that this leaves are handed out.
 */
export function createQueueReader(deps: SyncDependencies, reading: Reading): QueueReader {
  const { installationId, owner, isOver, onProgress, onFailed } = reading;
  const page: QueuedRepository[] = [];
  const underWay = new Set<number>();
  /** not again: done, or just failed */
  const passed = new Set<number>();
  /** again only for a backfill */
  const compared = new Set<number>();
  const skipped = new Set<Purpose>();
  /** how often repositories came free that may be handed out again */
  let releases = 0;
  let hasSmall = true;
  let isProbedTogether = true;
  let nextPage: Promise<boolean> | null = null;
  const groups = createGroupImports(deps, reading, {
    underWay,
    onFailed,
    onDone(done, left) {
      releases += 1;
      for (const id of done) compared.add(id);
      page.push(...left);
      onProgress();
    },
  });

  async function next(): Promise<QueuedRepository | null> {
    while (!isOver()) {
      const one = page.shift();
      if (one !== undefined && skipped.has(queuedPurpose(one.mode, one.isNew))) {
        passed.add(one.id);
        continue;
      }
      if (one !== undefined) {
        underWay.add(one.id);
        return one;
      }
      // All callers wait for the same page.
      nextPage ??= readPage().finally(() => {
        nextPage = null;
      });
      if (!(await nextPage)) return null;
    }
    return null;
  }

  /** @returns whether asking again may help */
  async function readPage(): Promise<boolean> {
    if (hasSmall) hasSmall = await groups.begin();
    if (hasSmall) return true;
    const except = [...underWay, ...passed];
    const options = { except, compared: [...compared], owner, limit: PAGE };
    const before = releases;
    const queued = await nextQueued(deps.orm, installationId, options);
    const backfills = queued.filter(({ mode }) => mode === 'backfill').map(({ id }) => id);
    if (isProbedTogether) isProbedTogether = await probeBackfills(deps, backfills, reading);
    page.push(...queued);
    // One that came free meanwhile was excluded.
    if (queued.length > 0 || releases > before) return true;
    // The ones that a group leaves are still to be compared.
    return groups.waitForOne();
  }

  return {
    next,
    end({ id, mode }, state) {
      if (state === 'compared' && mode !== 'backfill') compared.add(id);
      else if (state !== 'unfinished') passed.add(id);
      if (!passed.has(id)) releases += 1;
      underWay.delete(id);
    },
    skip: (purpose) => void skipped.add(purpose),
    close: () => groups.close(),
  };
}
