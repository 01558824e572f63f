import { Webhook } from 'lucide-react';
import type { DeliveryPage } from '../../../src/api/routes/dashboard/schemas.ts';
import { useFilteredPage, useFilters } from '../../api/use-filters.ts';
import { Card } from '../../ui/card.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { plural } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { Pager } from '../../ui/pager.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Select } from '../../ui/select.tsx';
import { stateOf } from '../../ui/states.ts';
import { byTime } from '../../ui/by-time.ts';
import { TargetFilter } from '../../ui/target-filter.tsx';
import { DeliveryTable } from './delivery-table.tsx';

const statuses = ['pending', 'processed', 'ignored', 'failed'] as const;
const ways = [
  ['false', 'Sent to us'],
  ['true', 'Recovered from the delivery log'],
] as const;

export default function Deliveries() {
  const list = useFilters(['status', 'event', 'recovered', 'repository_id', 'installation_id', 'first']);
  const { filters, set, field } = list;
  const page = useFilteredPage<DeliveryPage>('/api/dashboard/deliveries/', list);
  return (
    <Page
      title="Deliveries"
      summary="Webhooks that GitHub sent, and lost ones recovered from its delivery log."
    >
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchField label="Event, such as push" {...field('event')} />
        <Select
          label="Status"
          all="All statuses"
          options={statuses.map((status) => [status, stateOf(status).word] as const)}
          {...field('status')}
        />
        <Select label="Source" all="Any source" options={ways} {...field('recovered')} />
        <TargetFilter filters={filters} shown={page.data?.deliveries[0]} clear={(name) => set(name, '')} />
      </div>
      <Card flush>
        <QueryView query={page} lines={10}>
          {({ deliveries, next }) => (
            <>
              {deliveries.length === 0 ? (
                <EmptyState icon={Webhook} title="No deliveries found">
                  Every webhook from GitHub appears here. If none ever does, the App’s webhook URL does not
                  lead here; sweeps still fetch every change, only later.
                </EmptyState>
              ) : (
                <DeliveryTable deliveries={deliveries} sort={byTime(filters.first, set)} />
              )}
              <Pager
                shown={plural(deliveries.length, 'delivery', 'deliveries')}
                next={next}
                {...list.place}
              />
            </>
          )}
        </QueryView>
      </Card>
    </Page>
  );
}
