import { GitPullRequest } from 'lucide-react';
import type { InstallationPage, PullRequestPage } from '../../../src/api/routes/dashboard/schemas.ts';
import { useApi, withQuery } from '../../api/use-api.ts';
import { useFilters } from '../../api/use-filters.ts';
import { Card } from '../../ui/card.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { plural } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { Pager } from '../../ui/pager.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Select } from '../../ui/select.tsx';
import { PullRequestTable } from './pull-request-table.tsx';
import { PullRequestWeeks } from './pull-request-weeks.tsx';

const kinds = [
  ['false', 'Ready for review'],
  ['true', 'Drafts'],
] as const;

export default function PullRequests() {
  const { get, set, cursor, go } = useFilters();
  const filters = { installation_id: get('installation_id'), draft: get('draft') };
  const installations = useApi<InstallationPage>('/api/dashboard/installations/?limit=200');
  const page = useApi<PullRequestPage>(
    withQuery('/api/dashboard/pull-requests/', { limit: 50, cursor, ...filters }),
    { keep: true },
  );
  return (
    <Page title="Pull requests" summary="Open ones, those that wait longest first.">
      <div className="mb-3 flex flex-wrap gap-2">
        <Select
          label="Installation"
          all="Every installation"
          value={filters.installation_id}
          options={(installations.data?.installations ?? []).map(
            ({ id, account_login: name }) => [String(id), name] as const,
          )}
          onChange={(value) => set('installation_id', value)}
        />
        <Select
          label="Kind"
          all="Drafts too"
          value={filters.draft}
          options={kinds}
          onChange={(value) => set('draft', value)}
        />
      </div>
      <div className="space-y-4">
        <PullRequestWeeks installationId={filters.installation_id} />
        <Card flush>
          <QueryView query={page} lines={8}>
            {({ pull_requests: rows, next }) => (
              <>
                {rows.length === 0 ? (
                  <EmptyState icon={GitPullRequest} title="No pull request is open">
                    Open ones appear here the moment they are opened, and leave when they are merged or
                    closed.
                  </EmptyState>
                ) : (
                  <PullRequestTable pulls={rows} />
                )}
                <Pager shown={plural(rows.length, 'open pull request')} cursor={cursor} next={next} go={go} />
              </>
            )}
          </QueryView>
        </Card>
      </div>
    </Page>
  );
}
