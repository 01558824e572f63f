import { GitPullRequest } from 'lucide-react';
import type { InstallationPage } from '../../../src/api/routes/dashboard/schemas.ts';
import type { OpenPullRequests, PullRequestWeeks as Weeks } from '../../api/analytics.ts';
import { useApi, withQuery } from '../../api/use-api.ts';
import { useFilteredPage, useFilters } from '../../api/use-filters.ts';
import { Card } from '../../ui/card.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { plural } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { Pager } from '../../ui/pager.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Select } from '../../ui/select.tsx';
import { OpenFigures } from './open-figures.tsx';
import { PullRequestTable } from './pull-request-table.tsx';
import { PullRequestWeeks } from './pull-request-weeks.tsx';

const kinds = [
  ['false', 'Ready for review'],
  ['true', 'Drafts'],
] as const;

const waits = [
  ['first_review', 'Waiting for a first review'],
  ['resolution', 'With unresolved threads'],
] as const;

export default function PullRequests() {
  const list = useFilters(['installation_id', 'draft', 'waiting_for', 'sort']);
  const { filters, set, field } = list;
  const setSort = (value: string) => set('sort', value === 'waiting' ? '' : value);
  const installations = useApi<InstallationPage>('/api/dashboard/installations/?limit=50');
  const figures = useApi<Weeks>(
    withQuery('/api/analytics/pull-requests/weeks/', { installation_id: filters.installation_id }),
    { keep: true },
  );
  const page = useFilteredPage<OpenPullRequests>('/api/analytics/pull-requests/', list);
  return (
    <Page title="Pull requests" summary="Open pull requests, longest waiting first.">
      <div className="space-y-4">
        <Select
          label="Installation"
          all="All installations"
          options={(installations.data?.installations ?? []).map(
            ({ id, account_login: name }) => [String(id), name] as const,
          )}
          {...(installations.data?.next != null && { more: 'Others: see their own screens' })}
          {...field('installation_id')}
        />
        <QueryView query={figures}>
          {({ now, weeks }) => (
            <>
              <OpenFigures now={now} />
              <PullRequestWeeks weeks={weeks} />
            </>
          )}
        </QueryView>
        <div className="flex flex-wrap gap-2">
          <Select label="Waiting for" all="All pull requests" options={waits} {...field('waiting_for')} />
          <Select label="Kind" all="Including drafts" options={kinds} {...field('draft')} />
        </div>
        <Card flush>
          <QueryView query={page} lines={8}>
            {({ pull_requests: rows, next }) => (
              <>
                {rows.length === 0 ? (
                  <EmptyState icon={GitPullRequest} title={nothing(filters)}>
                    They appear here as soon as they are opened, and disappear when they are merged or closed.
                  </EmptyState>
                ) : (
                  <PullRequestTable pulls={rows} sort={filters.sort || 'waiting'} onSort={setSort} />
                )}
                <Pager shown={plural(rows.length, 'open pull request')} next={next} {...list.place} />
              </>
            )}
          </QueryView>
        </Card>
      </div>
    </Page>
  );
}

function nothing({ draft, waiting_for: waitingFor }: { draft: string; waiting_for: string }): string {
  if (waitingFor === 'first_review') return 'No pull request is waiting for a first review';
  if (waitingFor === 'resolution') return 'Every review thread is resolved';
  return draft === '' ? 'No pull request is open' : 'No open pull request matches these filters';
}
