import type { InstallationDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { Notice } from '../../ui/notice.tsx';
import { OutLink } from '../../ui/text-link.tsx';
import { Time } from '../../ui/time.tsx';

/** What keeps an installation from being mirrored, and where to fix that at GitHub. */
export function InstallationTrouble({ installation }: { installation: InstallationDetail['installation'] }) {
  const {
    deleted_at: gone,
    suspended_at: suspended,
    missing_permissions: missing,
    settings_url: url,
  } = installation;
  const where =
    url === null ? (
      'in the account’s settings at GitHub'
    ) : (
      <OutLink href={url}>in its settings at GitHub</OutLink>
    );
  if (gone !== null) {
    return (
      <Notice
        tone="quiet"
        title={
          <>
            The App was uninstalled <Time value={gone} />
          </>
        }
      >
        Its rows stay as last known. Install the App again to import it again.
      </Notice>
    );
  }
  if (suspended !== null) {
    return (
      <Notice
        tone="warn"
        title={
          <>
            The App is suspended for {installation.account_login} since <Time value={suspended} />
          </>
        }
      >
        Unsuspend it {where}; missed changes are then fetched.
      </Notice>
    );
  }
  if (missing.length === 0) return null;
  if (missing.every((name) => name === 'members')) {
    return (
      <Notice tone="warn" title="The App may not read: members">
        Everything is mirrored; only a renamed organisation is noticed later, by the next sweep. Grant it read
        access to members in the App’s own settings (Permissions), then accept that for this account {where}.
      </Notice>
    );
  }
  return (
    <Notice tone="bad" title={`The App may not read: ${missing.join(', ')}`}>
      Grant it read access in the App’s own settings (Permissions), then accept that for this account {where}.
      Until then these kinds stay as they are.
    </Notice>
  );
}
