import { Link } from 'wouter';
import type { JobPage } from '../../../src/api/routes/dashboard/schemas.ts';
import { useApi } from '../../api/use-api.ts';
import { Card } from '../../ui/card.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { JobTable } from '../jobs/job-table.tsx';

export function RepositoryJobs({ id }: { id: number }) {
  const jobs = useApi<JobPage>(`/api/dashboard/jobs/?repository_id=${id}&limit=6`);
  return (
    <Card
      title="Latest jobs"
      flush
      aside={
        <Link href={`/jobs?repository_id=${id}`} className="hover:text-fg hover:underline">
          All jobs
        </Link>
      }
    >
      <QueryView query={jobs}>
        {({ jobs: rows }) =>
          rows.length === 0 ? (
            <p className="px-4 pb-4 text-muted">
              None of its own yet: work done by an import is part of the import’s job.
            </p>
          ) : (
            <JobTable jobs={rows} caption="Latest jobs" ofOne />
          )
        }
      </QueryView>
    </Card>
  );
}
