import type { RepositoryDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { Card } from '../../ui/card.tsx';
import { GitHubLink } from '../../ui/github-link.tsx';
import { Item, ItemList } from '../../ui/item-list.tsx';
import { Age } from '../../ui/time.tsx';

/** Pull requests whose requested reviewers have not responded, longest waiting first. */
export function ReviewsWaiting({
  waiting,
  url,
}: {
  waiting: RepositoryDetail['contents']['reviews_waiting'];
  url: string | null;
}) {
  return (
    <Card title="Reviews waiting" aside="longest first" flush>
      <ItemList none="No review is requested.">
        {waiting.map((pull) => (
          <Item
            key={pull.number}
            lead={<span className="w-10 shrink-0 text-muted">#{pull.number}</span>}
            end={<Age since={pull.waiting_since} />}
            below={`asked: ${[...pull.requested_reviewers, ...pull.requested_teams].join(', ')}`}
          >
            <GitHubLink repository={url} path={`/pull/${pull.number}`}>
              {pull.title}
            </GitHubLink>{' '}
            <span dir="auto" className="text-muted">
              {pull.author_login}
            </span>
          </Item>
        ))}
      </ItemList>
    </Card>
  );
}
