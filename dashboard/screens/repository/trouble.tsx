import type { RepositoryDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { plural } from '../../ui/format.ts';
import { Notice } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';

const reasons: Record<string, string> = {
  deleted: 'It was deleted at GitHub',
  access_lost: 'The App has no access to it any more',
  uninstalled: 'The App was uninstalled',
  transferred: 'It was transferred to an account without the App',
};

/** What keeps a repository from being equal to GitHub, with what to do. */
export function Trouble({ repository }: { repository: RepositoryDetail['repository'] }) {
  const {
    removed_at: removed,
    removed_reason: reason,
    sync_error: error,
    freshness,
    pending_deliveries: pending,
  } = repository;
  if (removed !== null) {
    return (
      <Notice
        tone="quiet"
        title={
          <>
            {reasons[reason ?? ''] ?? 'It is gone'} (<Time value={removed} />)
          </>
        }
      >
        Its rows stay as last known. It comes back by itself when GitHub shows it to the App again.
      </Notice>
    );
  }
  if (error !== null && repository.sync_status === 'error') {
    return (
      <Notice tone={freshness === 'needs_you' ? 'bad' : 'warn'} title={error}>
        {repository.advice}
      </Notice>
    );
  }
  if (freshness === 'paused') {
    return (
      <Notice tone="quiet" title="The App is suspended for this account">
        Nothing is asked of GitHub until the suspension ends; then it is compared.
      </Notice>
    );
  }
  if (pending === 0) return null;
  return (
    <Notice tone="info" title={`${plural(pending, 'delivery waits', 'deliveries wait')} to be applied`}>
      Usually for less than a second.
    </Notice>
  );
}
