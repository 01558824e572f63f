import { STORM_FROM } from '../../deliveries/storm-from.ts';
import type { WakeTarget } from '../../temporal/wake.ts';

export interface Storms {
  /**
   * What to wake for a delivery: the repository, or its installation while many of its repositories have some
   * at once.
   */
  route: (target: WakeTarget) => WakeTarget;
  /** Records that a wake of a repository is being sent, or was a moment ago. */
  begin: (target: WakeTarget) => void;
  end: (target: WakeTarget) => void;
}

/**
 * Knows which installations have deliveries for many repositories at once.
 *
 * @param isAwake whether a target was woken within the last moment: a storm lasts until its wakes stop
 */
export function createStorms(isAwake: (target: WakeTarget) => boolean): Storms {
  const repositories = new Map<number, number>();

  function add({ kind, installationId }: WakeTarget, count: 1 | -1): void {
    if (kind !== 'repository' || installationId === null) return;
    const now = (repositories.get(installationId) ?? 0) + count;
    if (now > 0) repositories.set(installationId, now);
    else repositories.delete(installationId);
  }

  return {
    route(target) {
      const { kind, installationId, label } = target;
      if (kind !== 'repository' || installationId === null) return target;
      const [login = null] = label?.split('/') ?? [];
      const all: WakeTarget = { kind: 'deliveries', id: installationId, installationId, label: login };
      if (isAwake(all)) return all;
      return (repositories.get(installationId) ?? 0) < STORM_FROM || isAwake(target) ? target : all;
    },
    begin: (target) => add(target, 1),
    end: (target) => add(target, -1),
  };
}
