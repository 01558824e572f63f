import type { PendingPage, PendingWork } from '../../db/deliveries/pending-work.ts';
import type { WakeTarget } from '../../temporal/wake.ts';

/** Workflows of newer deliveries have just been woken. */
const OLDER_THAN_MS = 2000;
const PAGE = 500;
/** A woken workflow may have to wait for GitHub: waking it again every two seconds would not help. */
const AGAIN_AFTER_MS = 30_000;

export interface PendingPoller {
  /** Reads the next page of each kind, and wakes the workflows that have pending deliveries. */
  poll: () => Promise<void>;
  /**
   * Wakes every workflow on the next polls, even those woken a moment ago: Temporal was unavailable and is
   * back.
   */
  forget: () => void;
}

export interface PollerDeps {
  repositories: (page: PendingPage) => Promise<PendingWork[]>;
  installations: (page: PendingPage) => Promise<PendingWork[]>;
  wake: (target: WakeTarget, alone: boolean) => void;
  now?: () => number;
}

/**
 * Finds deliveries whose wake was lost because Temporal or this process was down between the commit and the
 * wake. However many are pending, a poll reads one page of workflows, and the next poll continues from there.
 */
export function createPendingPoller({
  repositories,
  installations,
  wake,
  now = () => performance.now(),
}: PollerDeps): PendingPoller {
  const kinds = [
    { kind: 'repository', find: repositories },
    { kind: 'installation', find: installations },
  ] as const;
  const positions = new Map<string, number>();
  const woken = new Map<string, { at: number; newestAt: string }>();

  return {
    async poll() {
      for (const [key, { at }] of woken) if (now() - at > AGAIN_AFTER_MS) woken.delete(key);
      for (const { kind, find } of kinds) {
        const afterId = positions.get(kind) ?? 0;
        const page = await find({ afterId, limit: PAGE, olderThanMs: OLDER_THAN_MS });
        positions.set(kind, page.length < PAGE ? 0 : (page.at(-1)?.id ?? 0));
        for (const work of page) {
          const key = `${kind}/${work.id}`;
          if (woken.get(key)?.newestAt === work.newestAt) continue;
          woken.set(key, { at: now(), newestAt: work.newestAt });
          const target = { kind, id: work.id, installationId: work.installationId, label: work.label };
          wake(target, work.isLate);
        }
      }
    },
    forget: () => woken.clear(),
  };
}
