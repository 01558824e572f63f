import type { ImportProgress } from '../../../src/api/routes/dashboard/schemas.ts';
import { formatCount, formatDuration } from '../../ui/format.ts';
import { Progress } from '../../ui/progress.tsx';
import { ClockTime } from '../../ui/time.tsx';

/** The progress of an import's phase, and when it may be done: no estimate while GitHub makes it wait. */
export function ImportLine({ progress }: { progress: ImportProgress }) {
  const { repositories, repositories_done: done, rows, rows_per_second: rate, eta_seconds: eta } = progress;
  const counts = `${formatCount(done)} of ${formatCount(repositories)}`;
  const isBackfilling = progress.phase === 'backfilling';
  const next = !isBackfilling && progress.backfills > 0 ? ', then reviews, comments, releases and more' : '';
  return (
    <div>
      <div className="mb-1.5 flex flex-wrap justify-between gap-x-4 text-[0.8125rem]">
        <span className="font-medium">
          {isBackfilling
            ? `Reviews, comments, releases and more: ${counts}`
            : `Importing: ${counts} repositories`}
        </span>
        <span className="text-muted">
          {formatCount(rows)} rows, {rate} a second
          {progress.waiting_until !== null ? (
            <>
              {' '}
              · waiting for GitHub until <ClockTime value={progress.waiting_until} />
            </>
          ) : (
            eta !== null && eta > 0 && ` · about ${formatDuration(eta * 1000)} left${next}`
          )}
        </span>
      </div>
      <Progress
        label="Import"
        value={done}
        max={repositories}
        tone={progress.waiting_until === null ? 'info' : 'warn'}
      />
    </div>
  );
}
