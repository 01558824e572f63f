import type { RepositoryDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { plural } from '../../ui/format.ts';
import { Notice } from '../../ui/notice.tsx';
import { Time } from '../../ui/time.tsx';

const reasons: Record<string, string> = {
  deleted: 'The repository was deleted at GitHub',
  access_lost: 'The App no longer has access to the repository',
  uninstalled: 'The App was uninstalled',
  transferred: 'The repository was transferred to an account without the App',
};

/** What keeps a repository from matching GitHub, with what to do. */
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
            {reasons[reason ?? ''] ?? 'The repository was removed'} (<Time value={removed} />)
          </>
        }
      >
        Its rows stay as last known. It is mirrored again once the App can see it at GitHub.
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
        GitHub is not asked until the suspension ends; then the repository is compared.
      </Notice>
    );
  }
  if (pending === 0) return null;
  return (
    <Notice tone="info" title={`${plural(pending, 'delivery is', 'deliveries are')} waiting to be applied`}>
      Usually for less than a second.
    </Notice>
  );
}
