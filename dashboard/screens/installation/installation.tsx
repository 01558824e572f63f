import { RefreshCw } from 'lucide-react';
import { Link } from 'wouter';
import type { InstallationDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { useApi } from '../../api/use-api.ts';
import { useSyncNow } from '../../ui/use-sync-now.ts';
import { StateBadge } from '../../ui/badge.tsx';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Facts } from '../../ui/facts.tsx';
import { plural } from '../../ui/format.ts';
import { FreshnessBar } from '../../ui/freshness-bar.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { OutButton } from '../../ui/text-link.tsx';
import { ImportLine } from '../installations/import-line.tsx';
import { stateOfInstallation } from '../installations/installation-card.tsx';
import { Grants } from './grants.tsx';
import { InstallationTrouble } from './installation-trouble.tsx';
import { ReviewLoad } from './review-load.tsx';
import { Team } from './team.tsx';

/** The rest of its screen. */
const lists = [
  ['/pull-requests', 'Pull requests'],
  ['/jobs', 'Jobs'],
  ['/deliveries', 'Deliveries'],
] as const;

export default function Installation({ id }: { id: string }) {
  const detail = useApi<InstallationDetail>(`/api/dashboard/installations/${encodeURIComponent(id)}/`);
  return (
    <QueryView query={detail} lines={10} screen="Installation">
      {(shown) => <Content {...shown} />}
    </QueryView>
  );
}

function Content({ installation, progress }: InstallationDetail) {
  const { id, account_login: login } = installation;
  const sync = useSyncNow('installation', id, login);
  const total = Object.values(installation.repositories).reduce((sum, count) => sum + count, 0);
  return (
    <Page
      title={login}
      summary={
        <Facts>
          <StateBadge state={stateOfInstallation(installation)} />
          <span>
            {installation.account_type.toLowerCase()},{' '}
            {installation.repository_selection === 'all' ? 'all' : 'selected'} repositories
          </span>
        </Facts>
      }
      actions={
        <>
          {installation.settings_url !== null && (
            <OutButton href={installation.settings_url}>Settings at GitHub</OutButton>
          )}
          {lists.map(([path, name]) => (
            <Link key={path} href={`${path}?installation_id=${id}`} className={buttonClass('plain')}>
              {name}
            </Link>
          ))}
          <Button look="primary" icon={RefreshCw} busy={sync.busy} onClick={sync.run}>
            {sync.busy ? 'Comparing…' : 'Sync now'}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <InstallationTrouble installation={installation} />
        <Card
          title={plural(total, 'repository', 'repositories')}
          aside={
            <Link href={`/repositories?installation_id=${id}`} className="hover:text-fg hover:underline">
              Show them
            </Link>
          }
        >
          {progress === null ? (
            <FreshnessBar freshness={installation.repositories} />
          ) : (
            <ImportLine progress={progress} />
          )}
        </Card>
        {installation.deleted_at === null && <Team id={id} />}
        {installation.deleted_at === null && <ReviewLoad id={id} />}
        <Grants installation={installation} />
      </div>
    </Page>
  );
}
