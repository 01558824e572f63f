import type { RepositoryDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { Card } from '../../ui/card.tsx';
import { formatShort } from '../../ui/format.ts';
import { Stat, Stats } from '../../ui/stat.tsx';

/** What is mirrored of a repository: live rows. */
export function RepositoryFigures({ repository }: RepositoryDetail) {
  const healed = Object.values(repository.verified?.healed ?? {}).reduce((sum, count) => sum + count, 0);
  return (
    <Card>
      <Stats>
        <Stat name="Commits">{formatShort(repository.commits)}</Stat>
        <Stat name="Branches">{formatShort(repository.branches)}</Stat>
        <Stat name="Issues">{formatShort(repository.issues)}</Stat>
        <Stat name="Pull requests">{formatShort(repository.pull_requests)}</Stat>
        <Stat name="Contributors">{formatShort(repository.contributors)}</Stat>
        <Stat name="Stars">{formatShort(repository.stargazers_count)}</Stat>
        {repository.verified !== null && (
          <Stat
            name="Drift"
            note={`of ${formatShort(repository.verified.rows)} ${repository.verified.rows === 1 ? 'row' : 'rows'}`}
          >
            {formatShort(healed)}
          </Stat>
        )}
      </Stats>
    </Card>
  );
}
