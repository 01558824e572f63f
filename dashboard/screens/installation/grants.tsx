import { Check, CircleSlash } from 'lucide-react';
import type { ReactNode } from 'react';
import type { InstallationDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { Tag } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { OutLink } from '../../ui/text-link.tsx';

type Installation = InstallationDetail['installation'];

/** What the account granted, what is therefore off, and which events are delivered. */
export function Grants({ installation }: { installation: Installation }) {
  const permissions = Object.entries(installation.permissions).sort(([a], [b]) => a.localeCompare(b));
  return (
    <Card title="Permissions, kinds and events">
      <div className="grid gap-x-8 gap-y-4 text-[0.8125rem] sm:grid-cols-3">
        <Part name="Granted">
          <ul className="space-y-1">
            {permissions.map(([name, access]) => (
              <li key={name} className="flex items-center gap-2">
                <Check aria-hidden size={14} className="text-ok" />
                {name} <span className="text-muted">{access}</span>
              </li>
            ))}
            {permissions.length === 0 && <li className="text-muted">Unknown until GitHub answers.</li>}
          </ul>
        </Part>
        <Part name="Kinds that are off">
          <KindsOff installation={installation} />
        </Part>
        <Part name="Events">
          <p className="flex flex-wrap gap-1">
            {installation.events.map((event) => (
              <Tag key={event}>{event}</Tag>
            ))}
          </p>
          {installation.events.length === 0 && <p className="text-muted">No known events.</p>}
        </Part>
      </div>
    </Card>
  );
}

function KindsOff({ installation: { kinds_off: off, settings_url: url } }: { installation: Installation }) {
  if (off.length === 0) return <p className="text-muted">None. Every kind is mirrored.</p>;
  return (
    <>
      <ul className="space-y-1">
        {off.map(({ kind, reason, permissions }) => (
          <li key={kind} className="flex items-baseline gap-2">
            <CircleSlash aria-hidden size={13} className="shrink-0 self-center text-muted" />
            <span>
              {kind}{' '}
              <span className="text-muted">
                {reason === 'skipped' ? 'left out by SYNC_SKIP' : `needs ${permissions.join(' or ')}: read`}
              </span>
            </span>
          </li>
        ))}
      </ul>
      {url !== null && off.some(({ reason }) => reason === 'permission') && (
        <p className="mt-2">
          <OutLink href={url}>Grant it at GitHub</OutLink>
        </p>
      )}
    </>
  );
}

function Part({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <h3 className="mb-1.5 text-xs text-muted">{name}</h3>
      {children}
    </div>
  );
}
