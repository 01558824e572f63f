import type { TeamAnalytics } from '../../api/analytics.ts';
import { useApi } from '../../api/use-api.ts';
import { Card } from '../../ui/card.tsx';
import { formatCount, formatHours } from '../../ui/format.ts';
import { Item, ItemList } from '../../ui/item-list.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Cell, Row, Table } from '../../ui/table.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { TeamHealth } from './team-health.tsx';

const columns = [
  'Repository',
  { name: 'Commits, 90 d', right: true },
  { name: 'Authors', right: true, wide: true },
  { name: 'Open issues', right: true, wide: true },
  { name: 'Open PRs', right: true },
  { name: 'To merge', right: true, wide: true },
];

/** How the team is doing, where it works, and who works there. */
export function Team({ id }: { id: number }) {
  const team = useApi<TeamAnalytics>(`/api/analytics/installations/${id}/?limit=10`);
  return (
    <QueryView query={team}>
      {({ health, repositories, contributors }) => (
        <>
          <TeamHealth health={health} />
          <div className="grid gap-4 lg:grid-cols-[2fr_1fr] lg:items-start">
            <Card title="Most active repositories" flush>
              <Table caption="Most active repositories" columns={columns}>
                {repositories.map((one) => (
                  <Row key={one.repository_id}>
                    <Cell main>
                      <TextLink href={`/repositories/${one.repository_id}`}>{one.full_name}</TextLink>
                    </Cell>
                    <Cell right>{formatCount(one.commits_90d)}</Cell>
                    <Cell right wide>
                      {formatCount(one.contributors_90d)}
                    </Cell>
                    <Cell right wide>
                      {formatCount(one.open_issues)}
                    </Cell>
                    <Cell right>{formatCount(one.open_pull_requests)}</Cell>
                    <Cell right wide>
                      {formatHours(one.median_hours_to_merge_90d)}
                    </Cell>
                  </Row>
                ))}
              </Table>
            </Card>
            <Card title="Most commits" aside="by people, 90 d" flush>
              <ItemList
                none={
                  contributors.length === 0
                    ? 'Nobody committed in the last 90 days.'
                    : 'The authors with the most commits in 90 days are all bots.'
                }
              >
                {contributors
                  .filter(isPerson)
                  .slice(0, 10)
                  .map((person) => (
                    <Item key={person.contributor_id} end={formatCount(person.commits)}>
                      <span dir="auto">{person.login ?? person.name ?? 'unknown'}</span>
                    </Item>
                  ))}
              </ItemList>
            </Card>
          </div>
        </>
      )}
    </QueryView>
  );
}

/** Figures about people exclude bots. */
function isPerson({ login }: TeamAnalytics['contributors'][number]): boolean {
  return login?.endsWith('[bot]') !== true;
}
