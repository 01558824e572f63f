import type { Overview } from '../../../src/api/routes/dashboard/schemas.ts';
import type { Health } from '../../../src/api/routes/health-schema.ts';
import { Card } from '../../ui/card.tsx';
import { formatCount } from '../../ui/format.ts';
import { Progress } from '../../ui/progress.tsx';
import { ClockTime } from '../../ui/time.tsx';

type Limit = Health['rate_limits'][number];

/** GitHub's rate limits with the least remaining, and when they reset. */
export function Budget({ limits, accounts }: { limits: readonly Limit[]; accounts: Overview['accounts'] }) {
  const whose = (id: number) => accounts[id] ?? `installation ${id}`;
  const shown = limits.slice(0, 4);
  return (
    <Card
      title="GitHub budget"
      aside={limits.length > shown.length ? `the least of ${limits.length}` : undefined}
    >
      {shown.length === 0 && <p className="text-muted">GitHub has not been asked yet.</p>}
      <ul className="space-y-3">
        {shown.map((limit) => (
          <li key={`${limit.installation_id}/${limit.resource}`}>
            <div className="mb-1 flex flex-wrap justify-between gap-x-4 text-[0.8125rem]">
              <span>
                <span className="font-medium">{limit.resource}</span>{' '}
                <span dir="auto" className="text-muted">
                  {whose(limit.installation_id)}
                </span>
              </span>
              <span className="text-muted">
                <span className="text-fg">{formatCount(limit.remaining)}</span> of {formatCount(limit.limit)},
                reset <ClockTime value={limit.resets_at} />
              </span>
            </div>
            <Progress
              label={`${limit.resource} of ${whose(limit.installation_id)}`}
              value={limit.remaining}
              max={limit.limit}
              tone={limit.remaining === 0 ? 'bad' : limit.remaining < limit.limit / 10 ? 'warn' : 'ok'}
            />
          </li>
        ))}
      </ul>
    </Card>
  );
}
