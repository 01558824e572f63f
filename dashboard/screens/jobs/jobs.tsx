import { ListChecks } from 'lucide-react';
import type { JobPage } from '../../../src/api/routes/dashboard/schemas.ts';
import { useFilteredPage, useFilters } from '../../api/use-filters.ts';
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
  const list = useFilters(['status', 'job_type', 'repository_id', 'installation_id', 'first']);
  const { filters, set, field } = list;
  const jobs = useFilteredPage<JobPage>('/api/dashboard/jobs/', list);
  return (
    <Page title="Jobs" summary="All work, whatever triggered it.">
      <div className="mb-3 flex flex-wrap gap-2">
        <Select
          label="Status"
          all="All statuses"
          options={statuses.map((status) => [status, stateOf(status).word] as const)}
          {...field('status')}
        />
        <Select
          label="Kind of job"
          all="All kinds"
          options={Object.entries(jobTypes)}
          {...field('job_type')}
        />
        <TargetFilter filters={filters} shown={jobs.data?.jobs[0]} clear={(name) => set(name, '')} />
      </div>
      <Card flush>
        <QueryView query={jobs} lines={10}>
          {({ jobs: rows, next }) => (
            <>
              {rows.length === 0 ? (
                <EmptyState icon={ListChecks} title="No jobs found">
                  Each import, sweep, comparison and round of deliveries is a job. Finished jobs are kept for
                  a while; other filters may show more.
                </EmptyState>
              ) : (
                <JobTable jobs={rows} caption="Jobs" sort={byTime(filters.first, set)} />
              )}
              <Pager shown={plural(rows.length, 'job')} next={next} {...list.place} />
            </>
          )}
        </QueryView>
      </Card>
    </Page>
  );
}
