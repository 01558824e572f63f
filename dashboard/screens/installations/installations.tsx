import { Boxes } from 'lucide-react';
import type { InstallationPage } from '../../../src/api/routes/dashboard/schemas.ts';
import { useFilteredPage, useFilters } from '../../api/use-filters.ts';
import { Card } from '../../ui/card.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { plural } from '../../ui/format.ts';
import { InstallApp } from '../../ui/install-app.tsx';
import { Page } from '../../ui/page.tsx';
import { Pager } from '../../ui/pager.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Select } from '../../ui/select.tsx';
import { InstallationCard } from './installation-card.tsx';

const states = [
  ['false', 'Active'],
  ['true', 'Suspended'],
] as const;

export default function Installations() {
  const list = useFilters(['q', 'suspended']);
  const { filters, field } = list;
  const isFirst = list.place.cursor === '';
  const isFiltered = filters.q + filters.suspended !== '';
  const page = useFilteredPage<InstallationPage>('/api/dashboard/installations/', list, 24);
  return (
    <Page title="Installations" summary="Accounts that the App is installed on.">
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchField label="Filter by account" {...field('q')} />
        <Select label="State" all="All states" options={states} {...field('suspended')} />
      </div>
      <QueryView query={page} lines={8}>
        {({ installations, next }) =>
          installations.length === 0 && isFirst ? (
            <Card>
              {isFiltered ? (
                <EmptyState icon={Boxes} title="No installations found">
                  No installation matches these filters; other filters may show more.
                </EmptyState>
              ) : (
                <EmptyState icon={Boxes} title="No installation yet">
                  <InstallApp>
                    The import begins with the delivery that announces it, or with the next sweep.
                  </InstallApp>
                </EmptyState>
              )}
            </Card>
          ) : (
            <>
              <ul className="grid gap-4 md:grid-cols-2">
                {installations.map((installation) => (
                  <InstallationCard key={installation.id} installation={installation} />
                ))}
              </ul>
              {(next !== null || !isFirst) && (
                <div className="mt-4">
                  <Pager shown={plural(installations.length, 'installation')} next={next} {...list.place} />
                </div>
              )}
            </>
          )
        }
      </QueryView>
    </Page>
  );
}
