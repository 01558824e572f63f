import { Link } from 'wouter';
import type { Overview } from '../../../src/api/routes/dashboard/schemas.ts';
import { Card } from '../../ui/card.tsx';
import { formatCount, formatPercent } from '../../ui/format.ts';
import { FreshnessBar, freshnessOrder } from '../../ui/freshness-bar.tsx';
import { stateOf } from '../../ui/states.ts';
import { toneText } from '../../ui/tone.ts';

/** Repositories by freshness; each count leads to its list. */
export function FreshnessCard({
  freshness,
  coverage,
}: {
  freshness: Overview['freshness'];
  coverage: number | null;
}) {
  return (
    <Card title="Repositories" aside={`${formatPercent(coverage)} compared in time`}>
      <FreshnessBar freshness={freshness} />
      <ul className="mt-3 grid grid-cols-2 gap-x-4 gap-y-1 sm:grid-cols-5">
        {freshnessOrder.map((name) => {
          const { word, icon: Icon, tone } = stateOf(name);
          const count = freshness[name];
          return (
            <li key={name}>
              <Link
                href={`/repositories?state=${name}`}
                className="-mx-2 block rounded-md px-2 py-1.5 hover:bg-raised"
              >
                <span
                  className={`flex items-center gap-1.5 text-xs ${count > 0 ? toneText[tone] : 'text-muted'}`}
                >
                  <Icon aria-hidden size={13} />
                  {word}
                </span>
                <span
                  className={`text-xl font-semibold tracking-tight tabular-nums ${count > 0 ? '' : 'text-muted'}`}
                >
                  {formatCount(count)}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
