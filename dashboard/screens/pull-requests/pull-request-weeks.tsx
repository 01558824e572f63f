import type { PullRequestWeeks as Answer } from '../../api/analytics.ts';
import { Bars } from '../../ui/bars.tsx';
import { Card } from '../../ui/card.tsx';
import { formatCount, formatHours } from '../../ui/format.ts';

type Week = Answer['weeks'][number];

interface Chart {
  title: string;
  label: string;
  value: (week: Week) => number | null;
  format: (value: number | null) => string;
}

const charts: readonly Chart[] = [
  { title: 'Merged', label: 'Merged by week', value: ({ merged }) => merged, format: formatCount },
  {
    title: 'Time to first review',
    label: 'Median time to first review by week',
    value: (week) => week.median_hours_to_first_review,
    format: formatHours,
  },
  {
    title: 'Time to merge',
    label: 'Median time to merge by week',
    value: (week) => week.median_hours_to_merge,
    format: formatHours,
  },
];

/** 26 weeks of pull requests: how many were merged, and how long review and merge took. */
export function PullRequestWeeks({ weeks }: { weeks: readonly Week[] }) {
  return (
    <div className="grid gap-4 md:grid-cols-3">
      {charts.map(({ title, label, value, format }) => (
        <Card key={title} title={title} aside={`last week ${format(beforeLast(weeks, value))}`}>
          <Bars
            label={label}
            ends={['26 weeks ago', 'this week']}
            format={format}
            bars={weeks.map((week) => ({ name: `Week of ${week.week}`, value: value(week) }))}
          />
        </Card>
      ))}
    </div>
  );
}

/** The last complete week: the current one has only begun. */
function beforeLast(weeks: readonly Week[], value: Chart['value']): number | null {
  const week = weeks.at(-2);
  return week === undefined ? null : value(week);
}
