import {
  leaseSmallRepositories,
  type LeasedRepositories,
} from '../../db/repository-sync/lease-small-repositories.ts';
import type { QueuedRepository } from '../../db/repository-sync/queued-repositories.ts';
import type { SyncDependencies } from '../context/sync-request.ts';
import { importSmallRepositories } from './import-small-repositories.ts';

/** How many small repositories share their statements. */
const GROUP = 10;
/** How many groups are imported concurrently, which bounds memory. */
const GROUPS = 2;

interface Importing {
  installationId: number;
  jobId: string;
  owner: string;
  signal: AbortSignal;
}

interface GroupOptions {
  /** repositories in progress, which are not taken; those of a group are among them until it ends */
  underWay: Set<number>;
  /** a group ended: its repositories that were compared, and those whose own comparison is due at once */
  onDone: (compared: readonly number[], left: readonly QueuedRepository[]) => void;
  /** a group failed in a way that ends all work */
  onFailed: (error: unknown) => void;
}

/** Imports of small repositories that were never compared, a group at a time. */
export interface GroupImports {
  /**
   * Begins with the next group, as soon as there is room for one.
   *
   * @returns whether there were enough repositories for one
   */
  begin(): Promise<boolean>;
  /** Waits until a group ends. @returns false if there is none */
  waitForOne(): Promise<boolean>;
  /** Waits for all groups: their leases are held until they end. */
  close(): Promise<void>;
}

export function createGroupImports(
  deps: SyncDependencies,
  { installationId, jobId, owner, signal }: Importing,
  { underWay, onDone, onFailed }: GroupOptions,
): GroupImports {
  const groups = new Set<Promise<unknown>>();
  /** those whose own comparison is due at once */
  const alone = new Set<number>();

  async function importGroup(group: LeasedRepositories): Promise<void> {
    const ids = group.repositories.map(({ id }) => id);
    for (const id of ids) underWay.add(id);
    const { done, behind } = await importSmallRepositories(deps, group, { installationId, jobId, signal });
    for (const id of ids) underWay.delete(id);
    const ended = new Set([...done, ...behind]);
    const left = group.repositories.filter(({ id }) => !ended.has(id));
    for (const { id } of left) alone.add(id);
    onDone(
      done,
      left.map(({ id, queuedAt }) => ({ id, queuedAt, mode: 'incremental', isNew: true })),
    );
  }

  async function waitForOne(): Promise<boolean> {
    if (groups.size === 0) return false;
    await Promise.race(groups);
    return true;
  }

  return {
    async begin() {
      while (groups.size >= GROUPS) await waitForOne();
      const options = { except: [...underWay, ...alone], owner, limit: GROUP };
      const group = await leaseSmallRepositories(deps.orm, installationId, options);
      if (group === null) return false;
      const running: Promise<unknown> = importGroup(group)
        .catch(onFailed)
        .finally(() => groups.delete(running));
      groups.add(running);
      return true;
    },
    waitForOne,
    async close() {
      await Promise.allSettled(groups);
    },
  };
}
