import type { PullRequestPage } from '../../../src/api/routes/dashboard/schemas.ts';
import { Tag } from '../../ui/badge.tsx';
import { Cell, Row, Table } from '../../ui/table.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';

const columns = [
  'Pull request',
  { name: 'Repository', wide: true },
  { name: 'Author', wide: true },
  { name: 'Touched', right: true, wide: true },
  { name: 'Opened', right: true },
];

export function PullRequestTable({ pulls }: { pulls: PullRequestPage['pull_requests'] }) {
  return (
    <Table caption="Open pull requests" columns={columns}>
      {pulls.map((pull) => (
        <Row key={pull.id}>
          <Cell main>
            <span className="text-muted">#{pull.number}</span> <span dir="auto">{pull.title}</span>{' '}
            {pull.draft && <Tag>draft</Tag>}{' '}
            {pull.labels.slice(0, 3).map((label) => (
              <Tag key={label}>{label}</Tag>
            ))}
          </Cell>
          <Cell wide>
            <TextLink href={`/repositories/${pull.repository_id}`}>{pull.full_name}</TextLink>
          </Cell>
          <Cell wide>
            <span dir="auto">{pull.author_login ?? 'ghost'}</span>
          </Cell>
          <Cell right wide>
            <Time value={pull.updated_at} />
          </Cell>
          <Cell right>
            <Time value={pull.created_at} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}
