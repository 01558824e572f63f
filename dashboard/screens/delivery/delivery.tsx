import { RotateCw } from 'lucide-react';
import type { DeliveryDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { useAction } from '../../api/use-action.ts';
import { useApi } from '../../api/use-api.ts';
import { StateBadge, Tag } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Facts } from '../../ui/facts.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Stat, Stats } from '../../ui/stat.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { appliedAfter } from '../deliveries/applied-after.ts';
import { eventName } from '../deliveries/event-name.tsx';
import { Payload } from './payload.tsx';

export default function Delivery({ guid }: { guid: string }) {
  const detail = useApi<DeliveryDetail>(`/api/dashboard/deliveries/${encodeURIComponent(guid)}/`);
  return (
    <QueryView query={detail} lines={10} screen="Delivery">
      {({ delivery }) => <Content delivery={delivery} />}
    </QueryView>
  );
}

function Content({ delivery }: { delivery: DeliveryDetail['delivery'] }) {
  const name = eventName(delivery);
  const again = useAction({
    path: `/api/deliveries/${delivery.guid}/`,
    told: () => ({ title: `${name} is being applied again` }),
    refused: `${name} was not applied again`,
  });
  return (
    <Page
      title={name}
      summary={<DeliverySummary delivery={delivery} isPending={again.busy} />}
      actions={
        <Button
          icon={RotateCw}
          busy={again.busy}
          disabled={delivery.status === 'pending'}
          title={delivery.status === 'pending' ? 'It is still waiting to be applied' : undefined}
          onClick={again.run}
        >
          Apply again
        </Button>
      }
    >
      <div className="space-y-4">
        {delivery.error !== null && (
          <Notice tone={delivery.status === 'failed' ? 'bad' : 'info'} title={delivery.error}>
            {delivery.advice ?? undefined}
          </Notice>
        )}
        <DeliveryFigures delivery={delivery} />
        <Payload guid={delivery.guid} bytes={delivery.payload_bytes} />
      </div>
    </Page>
  );
}

function DeliverySummary({ delivery, isPending }: DeliveryDetail & { isPending: boolean }) {
  return (
    <Facts>
      <StateBadge state={isPending ? 'pending' : delivery.status} />
      <span>
        received <Time value={delivery.received_at} />
      </span>
      {delivery.recovered && <Tag>recovered from the delivery log</Tag>}
      {delivery.repository_id !== null && delivery.repository !== null && (
        <TextLink href={`/repositories/${delivery.repository_id}`}>{delivery.repository}</TextLink>
      )}
      {delivery.installation_id !== null && delivery.account !== null && (
        <TextLink href={`/installations/${delivery.installation_id}`}>{delivery.account}</TextLink>
      )}
    </Facts>
  );
}

function DeliveryFigures({ delivery }: DeliveryDetail) {
  return (
    <Card>
      <Stats>
        <Stat
          name="Applied after"
          {...(delivery.requeued_at !== null && {
            note: (
              <>
                requeued <Time value={delivery.requeued_at} />
              </>
            ),
          })}
        >
          {appliedAfter(delivery)}
        </Stat>
        <Stat name="Attempts">{formatCount(delivery.attempts)}</Stat>
        <Stat name="Size">{formatBytes(delivery.payload_bytes)}</Stat>
      </Stats>
      <p className="mt-4 text-xs text-muted">
        GUID <code className="ml-1 font-mono break-all text-fg">{delivery.guid}</code>
      </p>
    </Card>
  );
}
