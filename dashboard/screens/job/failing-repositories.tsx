import type { JobDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { Card } from '../../ui/card.tsx';
import { formatCount } from '../../ui/format.ts';
import { TextLink } from '../../ui/text-link.tsx';

/** Current failures among the job's repositories, by code, with advice. */
export function FailingRepositories({ groups }: { groups: JobDetail['failing'] }) {
  return (
    <Card title="Failing repositories" flush>
      <ul>
        {groups.map(({ code, count, advice, examples }) => (
          <li key={code} className="border-t border-line px-4 py-3">
            <p className="font-medium">
              {code} <span className="text-muted">× {formatCount(count)}</span>
            </p>
            {advice !== null && <p className="text-muted">{advice}</p>}
            <ul className="mt-1.5 space-y-0.5">
              {examples.map(({ id, full_name: name, message }) => (
                <li key={id} className="truncate">
                  <TextLink href={`/repositories/${id}`}>{name}</TextLink>{' '}
                  <span className="text-muted">{message}</span>
                </li>
              ))}
              {count > examples.length && (
                <li className="text-muted">and {formatCount(count - examples.length)} more</li>
              )}
            </ul>
          </li>
        ))}
      </ul>
    </Card>
  );
}
