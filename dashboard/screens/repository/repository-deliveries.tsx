import { Link } from 'wouter';
import type { DeliveryPage } from '../../../src/api/routes/dashboard/schemas.ts';
import { useApi } from '../../api/use-api.ts';
import { StateText } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { Item, ItemList } from '../../ui/item-list.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { eventName } from '../deliveries/event-name.tsx';

export function RepositoryDeliveries({ id }: { id: number }) {
  const page = useApi<DeliveryPage>(`/api/dashboard/deliveries/?repository_id=${id}&limit=6`);
  return (
    <Card
      title="Latest deliveries"
      flush
      aside={
        <Link href={`/deliveries?repository_id=${id}`} className="hover:text-fg hover:underline">
          All deliveries
        </Link>
      }
    >
      <QueryView query={page}>
        {({ deliveries }) => (
          <ItemList none="No webhook about it has arrived yet.">
            {deliveries.map((delivery) => (
              <Item
                key={delivery.guid}
                lead={<StateText state={delivery.status} />}
                end={<Time value={delivery.received_at} />}
              >
                <TextLink href={`/deliveries/${delivery.guid}`}>{eventName(delivery)}</TextLink>
              </Item>
            ))}
          </ItemList>
        )}
      </QueryView>
    </Card>
  );
}
