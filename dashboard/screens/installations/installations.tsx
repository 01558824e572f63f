import { Boxes } from 'lucide-react';
import type { InstallationPage } from '../../../src/api/routes/dashboard/schemas.ts';
import { useApi, withQuery } from '../../api/use-api.ts';
import { useFilters } from '../../api/use-filters.ts';
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
  const { get, set, cursor, go } = useFilters();
  const filters = { q: get('q'), suspended: get('suspended') };
  const isFiltered = filters.q + filters.suspended !== '';
  const page = useApi<InstallationPage>(
    withQuery('/api/dashboard/installations/', { limit: 24, cursor, ...filters }),
    { keep: true },
  );
  const setText = (value: string) => set('q', value);
  return (
    <Page title="Installations" summary="Accounts that the App is installed on.">
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchField label="Filter by account" value={filters.q} onChange={setText} />
        <Select
          label="State"
          all="Every state"
          value={filters.suspended}
          options={states}
          onChange={(value) => set('suspended', value)}
        />
      </div>
      <QueryView query={page} lines={8}>
        {({ installations, next }) =>
          installations.length === 0 && cursor === '' ? (
            <Card>
              {isFiltered ? (
                <EmptyState icon={Boxes} title="No such installation">
                  No installation fits these filters; other filters may show more.
                </EmptyState>
              ) : (
                <EmptyState icon={Boxes} title="No installation yet">
                  <InstallApp>
                    The import begins with the delivery that tells of it, or with the next sweep.
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
              {(next !== null || cursor !== '') && (
                <div className="mt-4">
                  <Pager
                    shown={plural(installations.length, 'installation')}
                    cursor={cursor}
                    next={next}
                    go={go}
                  />
                </div>
              )}
            </>
          )
        }
      </QueryView>
    </Page>
  );
}
