import { useHealth } from '../api/health.ts';
import { StateBadge } from '../ui/badge.tsx';

/** The mirror's health, announced when it changes. */
export function HealthPill() {
  const { data } = useHealth();
  return <div role="status">{data !== undefined && <StateBadge state={data.status} />}</div>;
}
