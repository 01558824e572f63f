import type { RepositoryDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { StateBadge, Tag } from '../../ui/badge.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';

interface RepositorySummaryProps {
  repository: RepositoryDetail['repository'];
  /** a comparison was asked for and has not ended */
  comparing: boolean;
}

export function RepositorySummary({ repository, comparing }: RepositorySummaryProps) {
  return (
    <div className="space-y-1.5">
      {repository.description !== null && (
        <p dir="auto" className="break-words">
          {repository.description}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <StateBadge state={comparing ? 'catching_up' : repository.freshness} />
        <span>
          compared <Time value={repository.last_synced_at} />
        </span>
        <span>
          verified <Time value={repository.verified_at} />
        </span>
        {repository.installation_id !== null && (
          <span>
            of{' '}
            <TextLink href={`/installations/${repository.installation_id}`}>
              {repository.account_login ?? String(repository.installation_id)}
            </TextLink>
          </span>
        )}
        <span className="space-x-1">
          {repository.private && <Tag>private</Tag>}
          {repository.archived && <Tag>archived</Tag>}
          {repository.fork && <Tag>fork</Tag>}
          {repository.language !== null && <Tag>{repository.language}</Tag>}
          {repository.topics.slice(0, 6).map((topic) => (
            <Tag key={topic}>{topic}</Tag>
          ))}
        </span>
      </div>
    </div>
  );
}
