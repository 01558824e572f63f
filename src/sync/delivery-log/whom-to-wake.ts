import type { PendingWork } from '../../db/deliveries/pending-work.ts';
import { STORM_FROM } from '../../deliveries/storm-from.ts';

export interface Wake {
  /**
   * `deliveries`: the workflow that applies deliveries for all repositories of an installation as one piece of
   * work
   */
  kind: 'repository' | 'installation' | 'deliveries';
  work: Pick<PendingWork, 'id' | 'installationId' | 'label'>;
}

/**
 * Each repository with pending deliveries or, if many of an installation's have some, the installation once for
 * all of them.
 */
export function whomToWake(repositories: readonly PendingWork[]): Wake[] {
  const wakes: Wake[] = [];
  for (const [installationId, own] of Map.groupBy(repositories, (work) => work.installationId)) {
    const [first] = own;
    if (installationId === null || first === undefined || own.length <= STORM_FROM) {
      wakes.push(...own.map((work): Wake => ({ kind: 'repository', work })));
    } else {
      const [login = null] = first.label?.split('/') ?? [];
      wakes.push({ kind: 'deliveries', work: { id: installationId, installationId, label: login } });
    }
  }
  return wakes;
}
