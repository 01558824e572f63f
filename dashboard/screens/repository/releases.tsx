import type { RepositoryDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { Tag } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { plural } from '../../ui/format.ts';
import { GitHubLink } from '../../ui/github-link.tsx';
import { Item, ItemList } from '../../ui/item-list.tsx';
import { Time } from '../../ui/time.tsx';

export function Releases({
  releases,
  url,
}: {
  releases: RepositoryDetail['contents']['releases'];
  url: string | null;
}) {
  return (
    <Card title="Releases" aside="newest first" flush>
      <ItemList none="No releases yet.">
        {releases.map((release) => (
          <Item key={release.id} end={<Time value={release.published_at} />}>
            <GitHubLink repository={url} path={`/releases/tag/${encodeURIComponent(release.tag_name)}`}>
              <code className="font-mono text-xs">{release.tag_name}</code>
            </GitHubLink>{' '}
            {release.name !== null && release.name !== release.tag_name && (
              <span dir="auto">{release.name}</span>
            )}{' '}
            {release.prerelease && <Tag>pre-release</Tag>}{' '}
            <span className="text-muted">
              <span dir="auto">{release.author_login}</span>
              {release.assets > 0 && `, ${plural(release.assets, 'file')}`}
            </span>
          </Item>
        ))}
      </ItemList>
    </Card>
  );
}
