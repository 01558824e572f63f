import type { DeliveryPage } from '../../../src/api/routes/dashboard/schemas.ts';
import { StateText, Tag } from '../../ui/badge.tsx';
import { Cell, Row, Table, type Sort } from '../../ui/table.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { appliedAfter } from './applied-after.ts';
import { EventName } from './event-name.tsx';

interface DeliveryTableProps {
  deliveries: DeliveryPage['deliveries'];
  /** how `Received` sorts them */
  sort: Sort;
}

export function DeliveryTable({ deliveries, sort }: DeliveryTableProps) {
  const columns = [
    'Status',
    'Event',
    { name: 'From', wide: true },
    { name: 'Applied after', right: true, wide: true },
    { name: 'Received', right: true, sort },
  ];
  return (
    <Table caption="Deliveries" columns={columns}>
      {deliveries.map((delivery) => (
        <Row key={delivery.guid}>
          <Cell>
            <StateText state={delivery.status} />
          </Cell>
          <Cell main>
            <TextLink href={`/deliveries/${delivery.guid}`}>
              <EventName of={delivery} />
            </TextLink>{' '}
            {delivery.recovered && <Tag>recovered</Tag>}{' '}
            {delivery.error !== null && (
              <span className="text-xs text-muted max-sm:line-clamp-3">{delivery.error}</span>
            )}
            <span
              dir="auto"
              className="text-xs text-muted max-sm:line-clamp-3 sm:block sm:truncate md:hidden"
            >
              {sourceOf(delivery)}
            </span>
          </Cell>
          <Cell wide name={sourceOf(delivery)}>
            <span dir="auto" className="text-muted">
              {sourceOf(delivery)}
            </span>
          </Cell>
          <Cell right wide>
            {appliedAfter(delivery)}
          </Cell>
          <Cell right>
            <Time value={delivery.received_at} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

function sourceOf({ repository, account, repository_id: id }: DeliveryPage['deliveries'][number]): string {
  return repository ?? account ?? (id === null ? '–' : `repository ${id}`);
}
