import { Link } from 'wouter';
import type { JobPage } from '../../../src/api/routes/dashboard/schemas.ts';
import { useApi } from '../../api/use-api.ts';
import { Card } from '../../ui/card.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { JobTable } from '../jobs/job-table.tsx';

export function RecentJobs() {
  const jobs = useApi<JobPage>('/api/dashboard/jobs/?limit=6');
  return (
    <Card
      title="Latest jobs"
      flush
      aside={
        <Link href="/jobs" className="hover:text-fg hover:underline">
          All jobs
        </Link>
      }
    >
      <QueryView query={jobs}>{({ jobs: rows }) => <JobTable jobs={rows} caption="Latest jobs" />}</QueryView>
    </Card>
  );
}
