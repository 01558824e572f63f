import type { RepositoryPage } from '../../../src/api/routes/dashboard/schemas.ts';
import { StateText, Tag } from '../../ui/badge.tsx';
import { formatShort } from '../../ui/format.ts';
import { Cell, Row, Table, type Sort } from '../../ui/table.tsx';
import { TextLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';

interface RepositoryTableProps {
  repositories: RepositoryPage['repositories'];
  /** what they are sorted by, and how to change that */
  sort: string;
  onSort: (sort: string) => void;
}

export function RepositoryTable({ repositories, sort, onSort }: RepositoryTableProps) {
  const by = (key: string, order: Sort['order']): Sort => ({
    isActive: sort === key,
    order,
    choose: () => onSort(key),
  });
  const columns = [
    { name: 'Repository', sort: by('name', 'ascending') },
    'State',
    { name: 'Commits', right: true, wide: true, sort: by('commits', 'descending') },
    { name: 'Issues', right: true, wide: true, sort: by('issues', 'descending') },
    { name: 'Pull requests', right: true, wide: true, sort: by('pull_requests', 'descending') },
    { name: 'Pushed', right: true, wide: true, sort: by('pushed', 'descending') },
    { name: 'Compared', right: true, sort: by('synced', 'ascending') },
  ];
  return (
    <Table caption="Repositories" columns={columns}>
      {repositories.map((repository) => (
        <Row key={repository.id}>
          <Cell main>
            <TextLink href={`/repositories/${repository.id}`}>
              <FullName of={repository.full_name} />
            </TextLink>{' '}
            {repository.private && <Tag>private</Tag>} {repository.archived && <Tag>archived</Tag>}{' '}
            {repository.fork && <Tag>fork</Tag>}{' '}
            {repository.language !== null && <Tag>{repository.language}</Tag>}
          </Cell>
          <Cell>
            <span title={repository.sync_error ?? repository.removed_reason ?? undefined}>
              <StateText state={repository.freshness} />
            </span>
          </Cell>
          <Cell right wide>
            {formatShort(repository.commits)}
          </Cell>
          <Cell right wide>
            {formatShort(repository.issues)}
          </Cell>
          <Cell right wide>
            {formatShort(repository.pull_requests)}
          </Cell>
          <Cell right wide>
            <Time value={repository.pushed_at} />
          </Cell>
          <Cell right>
            <Time value={repository.last_synced_at} />
          </Cell>
        </Row>
      ))}
    </Table>
  );
}

/** `owner/name`; on a phone the owner is above the name, so that names are not cut off where they differ. */
function FullName({ of: fullName }: { of: string }) {
  const cut = fullName.indexOf('/') + 1;
  return (
    <>
      <span className="max-sm:block max-sm:truncate max-sm:text-xs max-sm:font-normal max-sm:text-muted">
        {fullName.slice(0, cut)}
      </span>
      {fullName.slice(cut)}
    </>
  );
}
