import { FolderGit2 } from 'lucide-react';
import type { RepositoryPage } from '../../../src/api/routes/dashboard/schemas.ts';
import { useFilteredPage, useFilters } from '../../api/use-filters.ts';
import { Card } from '../../ui/card.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { plural } from '../../ui/format.ts';
import { freshnessOrder } from '../../ui/freshness-bar.tsx';
import { Page } from '../../ui/page.tsx';
import { Pager } from '../../ui/pager.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { SearchField } from '../../ui/search-field.tsx';
import { Select } from '../../ui/select.tsx';
import { stateOf } from '../../ui/states.ts';
import { TargetFilter } from '../../ui/target-filter.tsx';
import { RepositoryTable } from './repository-table.tsx';

const sorts = [
  ['name', 'By name'],
  ['pushed', 'Most recently pushed first'],
  ['synced', 'Least recently compared first'],
  ['commits', 'Most commits first'],
  ['issues', 'Most issues first'],
  ['pull_requests', 'Most pull requests first'],
] as const;

export default function Repositories() {
  const list = useFilters(['q', 'state', 'installation_id', 'sort']);
  const { filters, set, field } = list;
  const page = useFilteredPage<RepositoryPage>('/api/dashboard/repositories/', list);
  const setSort = (value: string) => set('sort', value === 'name' ? '' : value);
  return (
    <Page title="Repositories">
      <div className="mb-3 flex flex-wrap gap-2">
        <SearchField label="Filter by name" {...field('q')} />
        <Select
          label="State"
          all="All states"
          options={[...freshnessOrder, 'removed'].map((state) => [state, stateOf(state).word] as const)}
          {...field('state')}
        />
        <Select label="Order" value={filters.sort || 'name'} options={sorts} onChange={setSort} />
        <TargetFilter
          filters={{ repository_id: '', installation_id: filters.installation_id }}
          clear={() => set('installation_id', '')}
        />
      </div>
      <Card flush>
        <QueryView query={page} lines={10}>
          {({ repositories, total, next }) => (
            <>
              {repositories.length === 0 ? (
                <EmptyState icon={FolderGit2} title="No repositories found">
                  {filters.q + filters.state + filters.installation_id === ''
                    ? 'Repositories appear as soon as the App is installed on an account that has some.'
                    : 'No repository matches these filters; other filters may show more.'}
                </EmptyState>
              ) : (
                <RepositoryTable repositories={repositories} sort={filters.sort || 'name'} onSort={setSort} />
              )}
              <Pager
                shown={`${repositories.length} of ${plural(total, 'repository', 'repositories')}`}
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
