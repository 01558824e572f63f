import type { JobDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { Card } from '../../ui/card.tsx';
import { formatCount } from '../../ui/format.ts';

/** The job's failures, by code, with advice: as they were then, whatever the state is now. */
export function ErrorsByCode({ errors }: { errors: JobDetail['errors'] }) {
  return (
    <Card title="Errors by code" aside="in this job" flush>
      <ul>
        {errors.map(({ code, count, advice }) => (
          <li key={code} className="border-t border-line px-4 py-3">
            <p className="font-medium">
              {code} <span className="text-muted">× {formatCount(count)}</span>
            </p>
            {advice !== null && <p className="text-muted">{advice}</p>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
