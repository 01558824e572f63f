import { RefreshCw, ShieldCheck } from 'lucide-react';
import type { RepositoryDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { useApi } from '../../api/use-api.ts';
import { useSyncNow } from '../../ui/use-sync-now.ts';
import { useVerifyNow } from '../../ui/use-verify-now.ts';
import { Button } from '../../ui/button.tsx';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { OutButton } from '../../ui/text-link.tsx';
import { Activity } from './activity.tsx';
import { Branches } from './branches.tsx';
import { Commits } from './commits.tsx';
import { Issues } from './issues.tsx';
import { People } from './people.tsx';
import { Releases } from './releases.tsx';
import { RepositoryDeliveries } from './repository-deliveries.tsx';
import { RepositoryFigures } from './repository-figures.tsx';
import { RepositoryJobs } from './repository-jobs.tsx';
import { RepositorySummary } from './repository-summary.tsx';
import { ReviewsWaiting } from './reviews-waiting.tsx';
import { Trouble } from './trouble.tsx';
import { UnresolvedThreads } from './unresolved-threads.tsx';

export default function Repository({ id }: { id: string }) {
  const detail = useApi<RepositoryDetail>(`/api/dashboard/repositories/${encodeURIComponent(id)}/`);
  return (
    <QueryView query={detail} lines={10} screen="Repository">
      {(shown) => <Content {...shown} />}
    </QueryView>
  );
}

function Content({ repository, contents }: RepositoryDetail) {
  const sync = useSyncNow('repository', repository.id, repository.full_name);
  const verify = useVerifyNow(repository.id, repository.full_name);
  const url = isAtGitHub(repository) ? repository.github_url : null;
  const isLive = repository.removed_at === null;
  return (
    <Page
      title={repository.full_name}
      summary={<RepositorySummary repository={repository} comparing={sync.busy || verify.busy} />}
      actions={<RepositoryActions url={repository.github_url} sync={sync} verify={verify} />}
    >
      <div className="space-y-4">
        <Trouble repository={repository} />
        <RepositoryFigures repository={repository} contents={contents} />
        {isLive && <Activity id={repository.id} />}
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <div className="min-w-0 space-y-4">
            <Issues
              title="Open pull requests"
              items={contents.open_pull_requests}
              none="No open pull requests."
              url={url}
            />
            <Commits commits={contents.commits} branch={repository.default_branch} url={url} />
            <Issues title="Open issues" items={contents.open_issues} none="No open issues." url={url} />
            <Branches branches={contents.branches} total={repository.branches} />
          </div>
          <div className="min-w-0 space-y-4">
            <ReviewsWaiting waiting={contents.reviews_waiting} url={url} />
            <UnresolvedThreads threads={contents.unresolved_threads} url={url} />
            <Releases releases={contents.releases} url={url} />
            <People people={contents.people} total={repository.contributors} />
            <RepositoryDeliveries id={repository.id} />
          </div>
        </div>
        <RepositoryJobs id={repository.id} />
      </div>
    </Page>
  );
}

interface RepositoryActionsProps {
  /** its page at GitHub, if there is one */
  url: string | null;
  sync: ReturnType<typeof useSyncNow>;
  verify: ReturnType<typeof useVerifyNow>;
}

function RepositoryActions({ url, sync, verify }: RepositoryActionsProps) {
  return (
    <>
      {url !== null && <OutButton href={url}>Open at GitHub</OutButton>}
      <Button
        icon={ShieldCheck}
        busy={verify.busy}
        onClick={verify.run}
        title="Compares every row with GitHub and repairs differences"
      >
        {verify.busy ? 'Verifying…' : 'Verify now'}
      </Button>
      <Button
        look="primary"
        icon={RefreshCw}
        busy={sync.busy}
        onClick={sync.run}
        title="Asks GitHub what changed and fetches it"
      >
        {sync.busy ? 'Comparing…' : 'Sync now'}
      </Button>
    </>
  );
}

/** A deleted repository has no pages at GitHub. */
function isAtGitHub({ removed_reason: reason }: RepositoryDetail['repository']): boolean {
  return reason !== 'deleted';
}
