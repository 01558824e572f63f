import { Link } from 'wouter';
import type { Overview } from '../../../src/api/routes/dashboard/schemas.ts';
import type { Health } from '../../../src/api/routes/health-schema.ts';
import { usePreferences } from '../../preferences/preferences.ts';
import { Bars } from '../../ui/bars.tsx';
import { Card } from '../../ui/card.tsx';
import { formatPercent, formatShort } from '../../ui/format.ts';
import { Stat, Stats } from '../../ui/stat.tsx';
import { hourName } from './hour-name.ts';

/** Jobs that ended within 24 hours. */
export function JobsCard({ hours, jobs }: { hours: Overview['hours']; jobs: Health['jobs'] }) {
  const [{ zone }] = usePreferences();
  return (
    <Card
      title="Jobs, 24 h"
      aside={
        <Link href="/jobs" className="hover:text-fg hover:underline">
          All jobs
        </Link>
      }
    >
      <Bars
        label="Jobs by hour"
        ends={['24 h ago', 'now']}
        bars={hours.map(({ hour, jobs: value, jobs_failed: bad }) => ({
          name: hourName(hour, zone),
          value,
          bad,
        }))}
      />
      <div className="mt-4">
        <Stats>
          <Stat name="Completed">{formatShort(jobs.completed_24h)}</Stat>
          <Stat name="Failed">{formatShort(jobs.failed_24h)}</Stat>
          <Stat name="Succeeded">{formatPercent(jobs.success_rate)}</Stat>
        </Stats>
      </div>
    </Card>
  );
}
