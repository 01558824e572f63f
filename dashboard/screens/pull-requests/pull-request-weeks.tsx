import type { PullRequestWeeks as Answer } from '../../../src/api/routes/dashboard/schemas.ts';
import { useApi, withQuery } from '../../api/use-api.ts';
import { Bars } from '../../ui/bars.tsx';
import { Card } from '../../ui/card.tsx';
import { formatHours } from '../../ui/format.ts';
import { QueryView } from '../../ui/query-view.tsx';

/** 26 weeks of pull requests: how many were merged, and how long that took. */
export function PullRequestWeeks({ installationId }: { installationId: string }) {
  const answer = useApi<Answer>(
    withQuery('/api/dashboard/pull-requests/weeks/', { installation_id: installationId }),
    { keep: true },
  );
  return (
    <QueryView query={answer}>
      {({ weeks }) => (
        <div className="grid gap-4 md:grid-cols-2">
          <Card title="Merged" aside="26 weeks">
            <Bars
              label="Merged by week"
              ends={['26 weeks ago', 'this week']}
              bars={weeks.map(({ week, merged }) => ({ name: `Week of ${week}`, value: merged }))}
            />
          </Card>
          <Card title="Time to merge" aside="median, 26 weeks">
            <Bars
              label="Median time to merge by week"
              ends={['26 weeks ago', 'this week']}
              format={formatHours}
              bars={weeks.map(({ week, median_hours_to_merge: hours }) => ({
                name: `Week of ${week}`,
                value: hours ?? 0,
              }))}
            />
          </Card>
        </div>
      )}
    </QueryView>
  );
}
