import type { RepositoryDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { Tag } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { GitHubLink } from '../../ui/github-link.tsx';
import { Item, ItemList } from '../../ui/item-list.tsx';
import { Time } from '../../ui/time.tsx';

type Issue = RepositoryDetail['contents']['open_issues'][number] & { draft?: boolean };

interface IssuesProps {
  title: string;
  items: readonly Issue[];
  none: string;
  url: string | null;
}

/**
 * Open issues or pull requests, most recently updated first. GitHub redirects `/issues/7` to a pull request if
 * it is one.
 */
export function Issues({ title, items, none, url }: IssuesProps) {
  return (
    <Card title={title} aside="touched last" flush>
      <ItemList none={none}>
        {items.map(({ number, title: name, author_login: author, labels, updated_at: at, draft = false }) => (
          <Item
            key={number}
            lead={<span className="w-10 shrink-0 text-muted">#{number}</span>}
            end={<Time value={at} />}
          >
            <GitHubLink repository={url} path={`/issues/${number}`}>
              {name}
            </GitHubLink>{' '}
            <span dir="auto" className="text-muted">
              {author}
            </span>{' '}
            {draft && <Tag>draft</Tag>}{' '}
            {labels.slice(0, 3).map((label) => (
              <Tag key={label}>{label}</Tag>
            ))}
          </Item>
        ))}
      </ItemList>
    </Card>
  );
}
