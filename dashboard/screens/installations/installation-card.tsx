import { Link } from 'wouter';
import type { InstallationPage } from '../../../src/api/routes/dashboard/schemas.ts';
import { StateBadge, Tag } from '../../ui/badge.tsx';
import { formatShort, plural } from '../../ui/format.ts';
import { FreshnessBar } from '../../ui/freshness-bar.tsx';
import { ImportLine } from './import-line.tsx';

type Installation = InstallationPage['installations'][number];

export function InstallationCard({ installation }: { installation: Installation }) {
  const { id, account_login: login, account_type: type, repositories, progress } = installation;
  const total = Object.values(repositories).reduce((sum, count) => sum + count, 0);
  return (
    <li className="relative min-w-0 rounded-xl border border-line bg-surface p-4 hover:border-line-strong">
      <div className="flex items-center justify-between gap-3">
        <h2 dir="auto" className="truncate font-semibold">
          <Link href={`/installations/${id}`} className="after:absolute after:inset-0 after:rounded-xl">
            {login}
          </Link>
        </h2>
        <span className="flex items-center gap-2">
          <Tag>{type.toLowerCase()}</Tag>
          <StateBadge state={stateOfInstallation(installation)} />
        </span>
      </div>
      <p className="mt-1 mb-3 text-muted">
        {plural(total, 'repository', 'repositories')}, {short(installation.commits, 'commit')},{' '}
        {short(installation.issues, 'issue')}, {short(installation.pull_requests, 'pull request')}
      </p>
      {progress === null ? <FreshnessBar freshness={repositories} /> : <ImportLine progress={progress} />}
    </li>
  );
}

function short(count: number, one: string): string {
  return count === 1 ? `1 ${one}` : `${formatShort(count)} ${one}s`;
}

/** Its worst state. */
export function stateOfInstallation(
  installation: Pick<Installation, 'deleted_at' | 'suspended_at' | 'repositories' | 'missing_permissions'>,
): string {
  const { repositories } = installation;
  if (installation.deleted_at !== null) return 'removed';
  if (installation.suspended_at !== null) return 'paused';
  const lacks = installation.missing_permissions.some((name) => name !== 'members');
  if (repositories.needs_you > 0 || lacks) return 'needs_you';
  if (repositories.catching_up > 0) return 'catching_up';
  return repositories.late > 0 ? 'late' : 'fresh';
}
