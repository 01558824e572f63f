import { Link } from 'wouter';
import type { Overview } from '../../../src/api/routes/dashboard/schemas.ts';
import type { Health } from '../../../src/api/routes/health-schema.ts';
import { usePreferences } from '../../preferences/preferences.ts';
import { Bars } from '../../ui/bars.tsx';
import { Card } from '../../ui/card.tsx';
import { formatDuration, formatShort } from '../../ui/format.ts';
import { Stat, Stats } from '../../ui/stat.tsx';
import { ClockTime } from '../../ui/time.tsx';
import { hourName } from './hour-name.ts';

/**
 * Deliveries of 24 hours: how many arrived, failed, had to be recovered, or are pending; and how they arrive.
 */
export function DeliveriesCard({
  hours,
  webhooks,
  log,
}: {
  hours: Overview['hours'];
  webhooks: Health['webhooks'];
  log: Overview['delivery_log'];
}) {
  const recovered = hours.reduce((sum, { deliveries_recovered: count }) => sum + count, 0);
  const [{ zone }] = usePreferences();
  return (
    <Card
      title="Deliveries, 24 h"
      aside={
        <Link href="/deliveries" className="hover:text-fg hover:underline">
          All deliveries
        </Link>
      }
    >
      <Bars
        label="Deliveries by hour"
        ends={['24 h ago', 'now']}
        bars={hours.map(({ hour, deliveries, deliveries_failed: bad }) => ({
          name: hourName(hour, zone),
          value: deliveries,
          bad,
        }))}
      />
      <div className="mt-4">
        <Stats>
          <Stat name="Received">{formatShort(webhooks.received_24h)}</Stat>
          <Stat name="Failed">{formatShort(webhooks.failed_24h)}</Stat>
          <Stat name="Recovered">{formatShort(recovered)}</Stat>
          <Stat name="Waiting">{formatShort(webhooks.pending)}</Stat>
        </Stats>
      </div>
      <p className="mt-3 text-xs text-muted">
        <Way log={log} />
      </p>
    </Card>
  );
}

/** How deliveries arrive. */
function Way({ log: { interval_ms: interval, delay } }: { log: Overview['delivery_log'] }) {
  if (interval === null)
    return <>They arrive as webhooks; the next sweep recovers lost ones from the App’s delivery log.</>;
  const often = `every ${formatDuration(interval)}`;
  if (delay === null)
    return <>Read from the App’s delivery log {often}; no webhook needs to reach this machine.</>;
  const next = <ClockTime value={delay.until} />;
  if (delay.code === 'RATE_LIMITED') {
    return (
      <>
        Read from the App’s delivery log less often than {often}, because the App’s rate limit is low; next at{' '}
        {next}.
      </>
    );
  }
  return (
    <>
      The App’s delivery log could not be read ({delay.code}); next attempt at {next}.
    </>
  );
}
