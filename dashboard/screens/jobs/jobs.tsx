import { ListChecks } from 'lucide-react';
import type { JobPage } from '../../../src/api/routes/dashboard/schemas.ts';
import { useApi, withQuery } from '../../api/use-api.ts';
import { useFilters } from '../../api/use-filters.ts';
import { Card } from '../../ui/card.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { plural } from '../../ui/format.ts';
import { Page } from '../../ui/page.tsx';
import { Pager } from '../../ui/pager.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Select } from '../../ui/select.tsx';
import { jobTypes, stateOf } from '../../ui/states.ts';
import { byTime } from '../../ui/by-time.ts';
import { TargetFilter } from '../../ui/target-filter.tsx';
import { JobTable } from './job-table.tsx';

const statuses = ['running', 'completed', 'partial', 'failed', 'cancelled'] as const;

export default function Jobs() {
  const { get, set, cursor, go } = useFilters();
  const filters = {
    status: get('status'),
    job_type: get('job_type'),
    repository_id: get('repository_id'),
    installation_id: get('installation_id'),
    first: get('first'),
  };
  const jobs = useApi<JobPage>(withQuery('/api/dashboard/jobs/', { limit: 50, cursor, ...filters }), {
    keep: true,
  });
  return (
    <Page title="Jobs" summary="Every piece of work, whatever asked for it.">
      <div className="mb-3 flex flex-wrap gap-2">
        <Select
          label="Status"
          all="Every status"
          value={filters.status}
          options={statuses.map((status) => [status, stateOf(status).word] as const)}
          onChange={(value) => set('status', value)}
        />
        <Select
          label="Kind of job"
          all="Every kind"
          value={filters.job_type}
          options={Object.entries(jobTypes)}
          onChange={(value) => set('job_type', value)}
        />
        <TargetFilter filters={filters} shown={jobs.data?.jobs[0]} clear={(name) => set(name, '')} />
      </div>
      <Card flush>
        <QueryView query={jobs} lines={10}>
          {({ jobs: rows, next }) => (
            <>
              {rows.length === 0 ? (
                <EmptyState icon={ListChecks} title="No such job">
                  A job appears with each import, sweep, comparison and round of deliveries. Ended ones are
                  kept for a while; other filters may show more.
                </EmptyState>
              ) : (
                <JobTable jobs={rows} caption="Jobs" sort={byTime(filters.first, set)} />
              )}
              <Pager shown={plural(rows.length, 'job')} cursor={cursor} next={next} go={go} />
            </>
          )}
        </QueryView>
      </Card>
    </Page>
  );
}
