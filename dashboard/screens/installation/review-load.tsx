import type { ReviewLoad as Answer } from '../../api/analytics.ts';
import { useApi } from '../../api/use-api.ts';
import { Card } from '../../ui/card.tsx';
import { formatCount } from '../../ui/format.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { Cell, Row, Table } from '../../ui/table.tsx';

const columns = [
  'Person',
  { name: 'Asked now', right: true },
  { name: '30 d', right: true, wide: true },
  { name: '90 d', right: true },
  { name: 'Pull requests, 90 d', right: true, wide: true },
];

/** Who reviews, and whose review is requested, without bots. */
export function ReviewLoad({ id }: { id: number }) {
  const load = useApi<Answer>(`/api/analytics/installations/${id}/reviews/?limit=10`);
  return (
    <Card title="Review load" aside="reviews given, and requested now" flush>
      <QueryView query={load}>
        {({ people }) =>
          people.length === 0 ? (
            <p className="border-t border-line px-4 py-3 text-[0.8125rem] text-muted">
              Nobody reviewed in the last 90 days, and no review is requested.
            </p>
          ) : (
            <Table caption="Review load" columns={columns}>
              {people.map((person) => (
                <Row key={person.contributor_id}>
                  <Cell main>
                    <span dir="auto">{person.login ?? person.name ?? 'unknown'}</span>
                  </Cell>
                  <Cell right>{formatCount(person.open_review_requests)}</Cell>
                  <Cell right wide>
                    {formatCount(person.reviews_30d)}
                  </Cell>
                  <Cell right>{formatCount(person.reviews_90d)}</Cell>
                  <Cell right wide>
                    {formatCount(person.pull_requests_reviewed_90d)}
                  </Cell>
                </Row>
              ))}
            </Table>
          )
        }
      </QueryView>
    </Card>
  );
}
