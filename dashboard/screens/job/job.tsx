import { RotateCw } from 'lucide-react';
import type { JobDetail, NamedJob } from '../../../src/api/routes/dashboard/schemas.ts';
import { useAction } from '../../api/use-action.ts';
import { useApi } from '../../api/use-api.ts';
import { StateBadge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Facts } from '../../ui/facts.tsx';
import { formatCount, formatDuration } from '../../ui/format.ts';
import { Item, ItemList } from '../../ui/item-list.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Stat, Stats } from '../../ui/stat.tsx';
import { OutButton, TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';
import { isVerification, kindOf, rowsOf, targetOf } from '../jobs/job-table.tsx';
import { ErrorsByCode } from './errors-by-code.tsx';
import { FailingRepositories } from './failing-repositories.tsx';
import { RowsByTable } from './rows-by-table.tsx';

const startedBy: Record<NamedJob['trigger'], string> = {
  webhook: 'by a webhook',
  schedule: 'by the schedule',
  manual: 'by hand',
  recovery: 'by a recovered delivery',
};

export default function Job({ id }: { id: string }) {
  const detail = useApi<JobDetail>(`/api/dashboard/jobs/${encodeURIComponent(id)}/`);
  return (
    <QueryView query={detail} lines={8} screen="Job">
      {(shown) => <Content {...shown} />}
    </QueryView>
  );
}

function Content({ job, advice, errors, failing }: JobDetail) {
  const kind = kindOf(job);
  const again = useAction({
    path: againPath(job),
    told: () => ({
      title: `${kind} of ${targetOf(job)} was requested`,
      description: 'It appears among the jobs when it begins.',
      href: '/jobs',
    }),
    refused: `${kind} of ${targetOf(job)} was not started`,
  });
  return (
    <Page
      title={`${kind} of ${targetOf(job)}`}
      summary={
        <Facts>
          <StateBadge state={job.status} />
          <span>
            {startedBy[job.trigger]}, started <Time value={job.started_at} />
          </span>
          <Target job={job} />
        </Facts>
      }
      actions={
        <>
          {job.temporal_url !== null && <OutButton href={job.temporal_url}>Open in Temporal</OutButton>}
          <Button icon={RotateCw} busy={again.busy} onClick={again.run}>
            Run again
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        {job.error !== null && (
          <Notice
            tone={job.status === 'partial' ? 'warn' : 'bad'}
            title={`${job.error.code}: ${job.error.message}`}
          >
            {advice}
          </Notice>
        )}
        <JobFigures job={job} />
        {/* A single error is shown above, with its message. */}
        {job.errors > 1 && errors.length > 0 && <ErrorsByCode errors={errors} />}
        {failing.length > 0 && <FailingRepositories groups={failing} />}
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <RowsByTable rows={job.rows} />
          <Run job={job} />
        </div>
      </div>
    </Page>
  );
}

function JobFigures({ job }: { job: NamedJob }) {
  return (
    <Card title="Summary">
      <Stats>
        <Stat name="Rows">{formatCount(rowsOf(job))}</Stat>
        <Stat name="Repositories">{formatCount(job.repositories_processed)}</Stat>
        <Stat name="Errors">{formatCount(job.errors)}</Stat>
        <Stat name="Took">
          {job.duration_ms === null ? 'still running' : formatDuration(job.duration_ms)}
        </Stat>
        <Stat name="Requests">{formatCount(job.api_requests)}</Stat>
        <Stat name="GraphQL points">{formatCount(job.rate_limit_points)}</Stat>
      </Stats>
    </Card>
  );
}

/** Its ids in the logs, in Temporal and in `sync_jobs`. */
function Run({ job }: { job: NamedJob }) {
  const ids = [
    ['Job', job.id],
    ['Workflow', job.workflow_id],
    ['Run', job.run_id],
  ] as const;
  return (
    <Card title="Identifiers" aside="in logs, Temporal and sync_jobs" flush>
      <ItemList none="">
        {ids.map(([name, id]) => (
          <Item key={name} lead={<span className="w-16 shrink-0 text-muted">{name}</span>}>
            <code className="font-mono text-xs break-all whitespace-normal">{id}</code>
          </Item>
        ))}
      </ItemList>
    </Card>
  );
}

function Target({ job }: { job: NamedJob }) {
  if (job.repository_id !== null)
    return <TextLink href={`/repositories/${job.repository_id}`}>{targetOf(job)}</TextLink>;
  if (job.installation_id !== null)
    return <TextLink href={`/installations/${job.installation_id}`}>{targetOf(job)}</TextLink>;
  return null;
}

function againPath(job: NamedJob): string {
  if (job.repository_id !== null) return `/api/sync/repository/${job.repository_id}/`;
  if (job.installation_id !== null) return `/api/sync/installation/${job.installation_id}/`;
  return isVerification(job) ? '/api/dashboard/verification/' : '/api/sync/periodic/';
}
