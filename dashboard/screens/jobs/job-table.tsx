import type { NamedJob } from '../../../src/api/routes/dashboard/schemas.ts';
import { StateText } from '../../ui/badge.tsx';
import { formatCount, formatDuration } from '../../ui/format.ts';
import { jobTypes, triggers } from '../../ui/states.ts';
import { Cell, Row, Table, type Sort } from '../../ui/table.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';

interface JobTableProps {
  jobs: readonly NamedJob[];
  caption: string;
  /** how `Started` sorts them, where it can */
  sort?: Sort;
  /** what each job worked on is not said: the screen is about that alone */
  ofOne?: boolean;
}

export function JobTable({ jobs, caption, sort, ofOne = false }: JobTableProps) {
  const columns = [
    'Status',
    'Job',
    { name: 'Trigger', wide: true },
    { name: 'Rows', right: true, wide: true },
    { name: 'Requests', right: true, wide: true },
    { name: 'Took', right: true, wide: true },
    { name: 'Started', right: true, ...(sort && { sort }) },
  ];
  return (
    <Table caption={caption} columns={columns}>
      {jobs.map((job) => (
        <Row key={job.id}>
          <Cell>
            <StateText state={job.status} />
          </Cell>
          <Cell main>
            <TextLink href={`/jobs/${job.id}`}>{kindOf(job)}</TextLink>{' '}
            {!ofOne && (
              <span dir="auto" className="text-muted max-sm:line-clamp-3 sm:block sm:truncate md:inline">
                {targetOf(job)}
              </span>
            )}
            {job.error !== null && <span className="ml-2 text-xs text-bad">{job.error.code}</span>}
          </Cell>
          <Cell wide>
            <span className="text-muted">{triggers[job.trigger] ?? job.trigger}</span>
          </Cell>
          <Cell right wide>
            {formatCount(rowsOf(job))}
          </Cell>
          <Cell right wide>
            {formatCount(job.api_requests)}
          </Cell>
          <Cell right wide>
            {job.duration_ms === null ? '…' : formatDuration(job.duration_ms)}
          </Cell>
          <Cell right>
            <Time value={job.started_at} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

/** A verification is a sweep under a workflow id of its own (`src/temporal/start-sweep.ts`). */
export function isVerification({ workflow_id: id }: Pick<NamedJob, 'workflow_id'>): boolean {
  return id === 'periodic-sweep/verify';
}

/** What a job does, in a word or two. */
export function kindOf(job: NamedJob): string {
  return isVerification(job) ? 'Verification' : (jobTypes[job.job_type] ?? job.job_type);
}

/** What a job worked on, by name if it is known. */
export function targetOf(job: NamedJob): string {
  if (job.repository_id !== null) return job.repository ?? `repository ${job.repository_id}`;
  if (job.installation_id !== null) return job.account ?? `installation ${job.installation_id}`;
  return 'everything';
}

/** Rows inserted or changed, of every kind. */
export function rowsOf({ rows }: Pick<NamedJob, 'rows'>): number {
  return Object.values(rows).reduce((sum, count) => sum + count, 0);
}
