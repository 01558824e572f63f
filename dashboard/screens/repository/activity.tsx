import type { RepositoryAnalytics } from '../../api/analytics.ts';
import { useApi } from '../../api/use-api.ts';
import { useFilters } from '../../api/use-filters.ts';
import { Bars } from '../../ui/bars.tsx';
import { Card } from '../../ui/card.tsx';
import { formatCount, formatHours } from '../../ui/format.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { Select } from '../../ui/select.tsx';
import { Stat, Stats } from '../../ui/stat.tsx';

const series = {
  commits: 'Commits',
  pull_requests_opened: 'Pull requests opened',
  pull_requests_merged: 'Pull requests merged',
  issues_opened: 'Issues opened',
  issues_closed: 'Issues closed',
} as const;

type Series = keyof typeof series;

/** 26 weeks, and the figures of the last months. */
export function Activity({ id }: { id: number }) {
  const { filters, set } = useFilters(['weeks']);
  const named = filters.weeks;
  const shown = isSeries(named) ? named : 'commits';
  const analytics = useApi<RepositoryAnalytics>(`/api/analytics/repositories/${id}/`);
  return (
    <Card
      title="26 weeks"
      aside={
        <Select
          label="What is counted"
          value={shown}
          options={Object.entries(series)}
          onChange={(value) => set('weeks', value === 'commits' ? '' : value)}
        />
      }
    >
      <QueryView query={analytics} lines={3}>
        {({ metrics, weeks }) => (
          <>
            <Bars
              label={`${series[shown]} by week`}
              height={72}
              ends={['26 weeks ago', 'this week']}
              bars={weeks.map((week) => ({ name: `Week of ${week.week}`, value: week[shown] }))}
            />
            <div className="mt-4">
              <ActivityFigures metrics={metrics} />
            </div>
          </>
        )}
      </QueryView>
    </Card>
  );
}

function ActivityFigures({ metrics }: Pick<RepositoryAnalytics, 'metrics'>) {
  return (
    <Stats six>
      <Stat name="Commits" note="30 d">
        {formatCount(metrics.commits_30d)}
      </Stat>
      <Stat name="Authors" note="90 d">
        {formatCount(metrics.contributors_90d)}
      </Stat>
      <Stat name="Bus factor" note="authors of half, 90 d">
        {formatCount(metrics.bus_factor_90d)}
      </Stat>
      <Stat name="To first review" note="median, 90 d">
        {formatHours(metrics.median_hours_to_first_review_90d)}
      </Stat>
      <Stat name="Time to merge" note="median, 90 d">
        {formatHours(metrics.median_hours_to_merge_90d)}
      </Stat>
      <Stat name="Time to close" note="issues, median, 90 d">
        {formatHours(metrics.median_hours_to_close_90d)}
      </Stat>
      <Stat name="Stale issues" note="not updated for 90 d">
        {formatCount(metrics.stale_issues)}
      </Stat>
      <Stat name="Reviews asked" note="open requests">
        {formatCount(metrics.open_review_requests)}
      </Stat>
      <Stat name="Unresolved" note="conversations">
        {formatCount(metrics.unresolved_threads)}
      </Stat>
      <Stat name="Merged unreviewed" note="90 d">
        {formatCount(metrics.merged_without_review_90d)}
      </Stat>
      <Stat name="Merged" note="pull requests, 30 d">
        {formatCount(metrics.pull_requests_merged_30d)}
      </Stat>
      <Stat name="Releases" note="90 d">
        {formatCount(metrics.releases_90d)}
      </Stat>
    </Stats>
  );
}

function isSeries(value: string): value is Series {
  return Object.hasOwn(series, value);
}
