import type { RepositoryDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { Card } from '../../ui/card.tsx';
import { plural } from '../../ui/format.ts';
import { GitHubLink } from '../../ui/github-link.tsx';
import { Item, ItemList } from '../../ui/item-list.tsx';
import { Time } from '../../ui/time.tsx';

/** Unresolved review threads, those on open pull requests first. */
export function UnresolvedThreads({
  threads,
  url,
}: {
  threads: RepositoryDetail['contents']['unresolved_threads'];
  url: string | null;
}) {
  return (
    <Card title="Unresolved review threads" aside="open pull requests first" flush>
      <ItemList none="Every review thread is resolved.">
        {threads.map((thread) => (
          <Item
            key={thread.id}
            lead={<span className="w-10 shrink-0 text-muted">#{thread.number}</span>}
            end={<Time value={thread.created_at} />}
            below={
              <>
                <code className="font-mono">{thread.path}</code>, {plural(thread.comments, 'comment')}
              </>
            }
          >
            <GitHubLink repository={url} path={`/pull/${thread.number}#discussion_r${thread.id}`}>
              {thread.comment ?? '(its first comment is gone)'}
            </GitHubLink>{' '}
            <span dir="auto" className="text-muted">
              {thread.author_login}
            </span>
          </Item>
        ))}
      </ItemList>
    </Card>
  );
}
