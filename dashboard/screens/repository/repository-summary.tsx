import type { RepositoryDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { StateBadge, Tag } from '../../ui/badge.tsx';
import { Facts } from '../../ui/facts.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';

interface RepositorySummaryProps {
  repository: RepositoryDetail['repository'];
  /** a comparison was requested and has not ended */
  comparing: boolean;
}

export function RepositorySummary({ repository, comparing }: RepositorySummaryProps) {
  const { private: isPrivate, archived, fork, language, topics } = repository;
  const tags = new Set([
    ...(isPrivate ? ['private'] : []),
    ...(archived ? ['archived'] : []),
    ...(fork ? ['fork'] : []),
    ...(language === null ? [] : [language]),
    ...topics.slice(0, 6),
  ]);
  return (
    <div className="space-y-1.5">
      {repository.description !== null && (
        <p dir="auto" className="break-words">
          {repository.description}
        </p>
      )}
      <Facts>
        <StateBadge state={comparing ? 'catching_up' : repository.freshness} />
        <span>
          compared <Time value={repository.last_synced_at} />
        </span>
        <span>
          verified <Time value={repository.verified_at} />
        </span>
        {repository.installation_id !== null && (
          <span>
            installed on{' '}
            <TextLink href={`/installations/${repository.installation_id}`}>
              {repository.account_login ?? String(repository.installation_id)}
            </TextLink>
          </span>
        )}
        {tags.size > 0 && (
          <span className="space-x-1">
            {[...tags].map((tag) => (
              <Tag key={tag}>{tag}</Tag>
            ))}
          </span>
        )}
      </Facts>
    </div>
  );
}
