import type { TeamAnalytics } from '../../api/analytics.ts';
import { Card } from '../../ui/card.tsx';
import { formatCount, formatHours, plural } from '../../ui/format.ts';
import { Progress } from '../../ui/progress.tsx';

type Figures = Record<string, number | null>;

/** The parts of the score, as the view `team_health` computes them. */
const parts: Record<string, { inputs: (figures: Figures) => string; rule: string }> = {
  activity: {
    inputs: ({ commits_30d: month = 0, commits_90d: three = 0 }) =>
      `${plural(month ?? 0, 'commit')} in 30 days, ${formatCount(Math.round((three ?? 0) / 3))} in an average month of three`,
    rule: '100 from that average on, never below 50; left out without a commit in 30 days',
  },
  backlog: {
    inputs: ({ open_issues: open = 0, stale_issues: stale = 0 }) =>
      `${formatCount(stale)} of ${plural(open ?? 0, 'open issue')} not updated for 90 days`,
    rule: 'the share of the others; left out without a commit in 90 days',
  },
  merging: {
    inputs: ({ median_hours_to_merge_90d: hours = null }) =>
      `${formatHours(hours)} from opening a pull request to merging it, median over the repositories’ medians of 90 days`,
    rule: '100 up to a day, 0 from 30 days on, logarithmic in between',
  },
  closing: {
    inputs: ({ median_hours_to_close_90d: hours = null }) =>
      `${formatHours(hours)} from opening an issue to closing it, median over the repositories’ medians of 90 days`,
    rule: '100 up to a day, 0 from 30 days on, logarithmic in between',
  },
};

/** The score with all of its parts: the mean of those that have data. */
export function TeamHealth({ health }: { health: TeamAnalytics['health'] }) {
  const components = Object.entries(health.components).sort(([a], [b]) => a.localeCompare(b));
  return (
    <Card title="Team health" aside={health.score === null ? 'no data yet' : 'the mean of these parts'}>
      <div className="flex flex-wrap items-start gap-x-10 gap-y-4">
        <p className="text-4xl font-semibold tracking-tight tabular-nums">
          {health.score === null ? '–' : Math.round(health.score)}
          <span className="text-base font-normal text-muted"> / 100</span>
        </p>
        <ul className="grid grow basis-80 gap-x-8 gap-y-4 sm:grid-cols-2">
          {components.map(([name, { score = null, ...figures }]) => (
            <li key={name}>
              <div className="mb-1 flex justify-between text-[0.8125rem]">
                <span className="font-medium capitalize">{name}</span>
                <span className="tabular-nums">{score === null ? 'left out' : Math.round(score)}</span>
              </div>
              <Progress label={name} value={Math.round(score ?? 0)} max={100} />
              <p className="mt-1.5 text-xs text-muted">
                {score === null ? 'No data, so it does not affect the score.' : parts[name]?.inputs(figures)}
                {score !== null && <span className="block">{parts[name]?.rule}</span>}
              </p>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}
