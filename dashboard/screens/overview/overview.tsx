import type { Overview as OverviewAnswer } from '../../../src/api/routes/dashboard/schemas.ts';
import type { Health } from '../../../src/api/routes/health-schema.ts';
import { useHealth } from '../../api/health.ts';
import { ApiError } from '../../api/request.ts';
import { useApi } from '../../api/use-api.ts';
import { ErrorCard } from '../../ui/error-card.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Budget } from './budget.tsx';
import { DeliveriesCard } from './deliveries-card.tsx';
import { Drift } from './drift.tsx';
import { FirstSteps } from './first-steps.tsx';
import { FreshnessCard } from './freshness-card.tsx';
import { JobsCard } from './jobs-card.tsx';
import { Problems } from './problems.tsx';
import { RecentJobs } from './recent-jobs.tsx';
import { Totals } from './totals.tsx';
import { Verdict } from './verdict.tsx';

const databaseAway = new ApiError(
  503,
  'DATABASE_UNAVAILABLE',
  'PostgreSQL does not answer, so nothing can be mirrored or shown. Check that it runs and accepts connections; this page tries again by itself.',
  null,
);

/** The state of the mirror, beginning with what to do about it. */
export function Overview() {
  const health = useHealth();
  const overview = useApi<OverviewAnswer>('/api/dashboard/overview/');
  return (
    <QueryView query={health} lines={8} screen="Overview">
      {(healthy) =>
        // The rest would only repeat this.
        healthy.dependencies.database === 'down' && overview.data === undefined ? (
          <Page title="Overview" plain>
            <ErrorCard error={databaseAway} />
          </Page>
        ) : (
          <QueryView query={overview} lines={8} screen="Overview">
            {(shown) => <Content health={healthy} overview={shown} />}
          </QueryView>
        )
      }
    </QueryView>
  );
}

function Content({ health, overview }: { health: Health; overview: OverviewAnswer }) {
  if (health.system.total_installations === 0) return <FirstSteps health={health} />;
  return (
    <Page title="Overview" plain>
      <div className="space-y-4">
        <Verdict health={health} overview={overview} />
        <Problems problems={overview.problems} />
        <FreshnessCard freshness={overview.freshness} coverage={health.system.sync_coverage} />
        <div className="grid gap-4 md:grid-cols-2">
          <DeliveriesCard hours={overview.hours} webhooks={health.webhooks} log={overview.delivery_log} />
          <JobsCard hours={overview.hours} jobs={health.jobs} />
          {health.dependencies.database !== 'down' && (
            <>
              <Budget limits={health.rate_limits} accounts={overview.accounts} />
              <Drift drift={health.drift} />
            </>
          )}
        </div>
        <Totals system={health.system} />
        <RecentJobs />
      </div>
    </Page>
  );
}
