import type { Health } from '../../../src/api/routes/health-schema.ts';
import { Card } from '../../ui/card.tsx';
import { formatShort } from '../../ui/format.ts';
import { Stat, Stats } from '../../ui/stat.tsx';

/** How much is mirrored: live rows of live repositories. */
export function Totals({ system }: { system: Health['system'] }) {
  return (
    <Card title="Mirrored">
      <Stats>
        <Stat name="Installations">{formatShort(system.total_installations)}</Stat>
        <Stat name="Repositories">{formatShort(system.total_repositories)}</Stat>
        <Stat name="Commits">{formatShort(system.total_commits)}</Stat>
        <Stat name="Issues">{formatShort(system.total_issues)}</Stat>
        <Stat name="Pull requests">{formatShort(system.total_pull_requests)}</Stat>
        <Stat name="Contributors">{formatShort(system.total_contributors)}</Stat>
      </Stats>
    </Card>
  );
}
