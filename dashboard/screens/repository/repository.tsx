import { RefreshCw } from 'lucide-react';
import type { RepositoryDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { useApi } from '../../api/use-api.ts';
import { useSyncNow } from '../../api/use-sync-now.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { OutLink } from '../../ui/text-link.tsx';
import { Activity } from './activity.tsx';
import { Branches } from './branches.tsx';
import { Commits } from './commits.tsx';
import { Issues } from './issues.tsx';
import { People } from './people.tsx';
import { RepositoryDeliveries } from './repository-deliveries.tsx';
import { RepositoryFigures } from './repository-figures.tsx';
import { RepositoryJobs } from './repository-jobs.tsx';
import { RepositorySummary } from './repository-summary.tsx';
import { Trouble } from './trouble.tsx';

export default function Repository({ id }: { id: string }) {
  const detail = useApi<RepositoryDetail>(`/api/dashboard/repositories/${encodeURIComponent(id)}/`);
  return (
    <QueryView query={detail} lines={10}>
      {(shown) => <Content {...shown} />}
    </QueryView>
  );
}

function Content({ repository, contents }: RepositoryDetail) {
  const sync = useSyncNow('repository', repository.id, repository.full_name);
  const isLive = repository.removed_at === null;
  return (
    <Page
      title={repository.full_name}
      summary={<RepositorySummary repository={repository} comparing={sync.busy} />}
      actions={
        <>
          {repository.github_url !== null && <OutLink href={repository.github_url}>Open at GitHub</OutLink>}
          <Button look="primary" icon={RefreshCw} busy={sync.busy} onClick={sync.run}>
            {sync.busy ? 'Comparing…' : 'Sync now'}
          </Button>
        </>
      }
    >
      <div className="space-y-4">
        <Trouble repository={repository} />
        <RepositoryFigures repository={repository} contents={contents} />
        {isLive && <Activity id={repository.id} />}
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <Commits commits={contents.commits} branch={repository.default_branch} />
          <Issues
            title="Open pull requests"
            items={contents.open_pull_requests}
            none="No pull request is open."
          />
          <Issues title="Open issues" items={contents.open_issues} none="No issue is open." />
          <People people={contents.people} total={repository.contributors} />
          <Branches branches={contents.branches} total={repository.branches} />
          <RepositoryDeliveries id={repository.id} />
        </div>
        <RepositoryJobs id={repository.id} />
      </div>
    </Page>
  );
}
