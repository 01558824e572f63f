import { useHealth } from '../api/health.ts';
import { usePulse } from '../api/pulse.tsx';
import { StateBadge } from '../ui/badge.tsx';

/** The mirror's health, announced when it changes; unknown while the API does not answer. */
export function HealthPill() {
  const { data } = useHealth();
  const { state, refusal } = usePulse();
  const isUnknown = state === 'away' && refusal === null;
  return (
    <div role="status">
      {data !== undefined && <StateBadge state={isUnknown ? 'unknown' : data.status} />}
    </div>
  );
}
