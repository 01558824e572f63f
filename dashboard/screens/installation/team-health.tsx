import type { TeamAnalytics } from '../../api/analytics.ts';
import { Card } from '../../ui/card.tsx';
import { formatCount } from '../../ui/format.ts';
import { Progress } from '../../ui/progress.tsx';

/** What each part says, and the figures it is made of. */
const parts: Record<string, string> = {
  activity: 'This month’s commits against the average month of three',
  backlog: 'Open issues that were touched within 90 days',
  merging: 'Median time from opening a pull request to its merge',
  closing: 'Median time from opening an issue to its end',
};

/** The score with everything it is made of: the mean of the parts that have data. */
export function TeamHealth({ health }: { health: TeamAnalytics['health'] }) {
  return (
    <Card title="Team health" aside={health.score === null ? 'no data yet' : 'the mean of the parts below'}>
      <div className="flex flex-wrap items-start gap-x-8 gap-y-4">
        <p className="text-4xl font-semibold tracking-tight">
          {health.score === null ? '–' : Math.round(health.score)}
          <span className="text-base font-normal text-muted"> / 100</span>
        </p>
        <ul className="grid grow basis-80 gap-x-8 gap-y-3 sm:grid-cols-2">
          {Object.entries(health.components).map(([name, { score = null, ...figures }]) => (
            <li key={name}>
              <div className="mb-1 flex justify-between text-[0.8125rem]">
                <span className="font-medium capitalize">{name}</span>
                <span>{score === null ? 'no data: left out' : Math.round(score)}</span>
              </div>
              <Progress label={name} value={Math.round(score ?? 0)} max={100} />
              <p className="mt-1 text-xs text-muted">
                {parts[name]}:{' '}
                {Object.entries(figures)
                  .map(([figure, value]) => `${figure.replaceAll('_', ' ')} ${rounded(value)}`)
                  .join(', ')}
              </p>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}

function rounded(value: number | null): string {
  return value === null ? '–' : formatCount(Math.round(value));
}
