import type { RepositoryDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { Card } from '../../ui/card.tsx';
import { GitHubLink } from '../../ui/github-link.tsx';
import { Item, ItemList } from '../../ui/item-list.tsx';
import { Time } from '../../ui/time.tsx';

export function Commits({
  commits,
  branch,
  url,
}: {
  commits: RepositoryDetail['contents']['commits'];
  branch: string;
  url: string | null;
}) {
  return (
    <Card title="Newest commits" aside={<span dir="auto">of {branch}</span>} flush>
      <ItemList none="No commit yet: the repository is empty, or its import has not come to it.">
        {commits.map(({ sha, message, author, committed_at: at }) => (
          <Item
            key={sha}
            lead={<code className="font-mono text-xs text-muted">{sha.slice(0, 7)}</code>}
            end={<Time value={at} />}
          >
            <GitHubLink repository={url} path={`/commit/${sha}`}>
              {message === '' ? '(no message)' : message}
            </GitHubLink>{' '}
            <span dir="auto" className="text-muted">
              {author}
            </span>
          </Item>
        ))}
      </ItemList>
    </Card>
  );
}
