import type { Dependencies } from '../../db/health/dependencies.ts';
import type { HealthFigures } from '../../db/health/health.ts';

export type HealthStatus = 'healthy' | 'degraded' | 'unhealthy';

const SECONDS_AWAY = 5 * 60;
const SECONDS_PENDING = 15 * 60;
const PERIODS_WITHOUT_SWEEP = 3;

/**
 * `unhealthy`: Temporal unavailable for 5 minutes, no sweep completed for 3 periods, or deliveries pending for
 * 15 minutes and none processed meanwhile (docs/reference.md, "Health"; if the database is unavailable, there
 * is nothing to judge). `degraded`: something needs attention or is waiting; a single delivery that cannot be
 * applied is no more than that.
 */
export function healthStatus(
  { signals, webhooks }: HealthFigures,
  dependencies: Dependencies,
  intervalMs: number,
): HealthStatus {
  if (
    (signals.temporal_away_seconds ?? 0) >= SECONDS_AWAY ||
    signals.seconds_without_sweep * 1000 >= PERIODS_WITHOUT_SWEEP * intervalMs ||
    (webhooks.oldest_pending_seconds >= SECONDS_PENDING &&
      (signals.seconds_without_delivery ?? Infinity) >= SECONDS_PENDING)
  ) {
    return 'unhealthy';
  }
  const isDegraded =
    dependencies.temporal !== 'up' ||
    dependencies.github !== 'up' ||
    signals.repositories_failing > 0 ||
    signals.repositories_late > 0 ||
    (signals.last_sweep !== null && signals.last_sweep !== 'completed') ||
    webhooks.oldest_pending_seconds >= SECONDS_PENDING;
  return isDegraded ? 'degraded' : 'healthy';
}
