import { Check } from 'lucide-react';
import type { InstallationDetail } from '../../../src/api/routes/dashboard/schemas.ts';
import { Card } from '../../ui/card.tsx';

/** What the account granted, and which events are delivered. */
export function Grants({ installation }: { installation: InstallationDetail['installation'] }) {
  const permissions = Object.entries(installation.permissions).sort(([a], [b]) => a.localeCompare(b));
  return (
    <Card title="Permissions and events">
      <div className="grid gap-4 sm:grid-cols-2">
        <ul className="space-y-1 text-[0.8125rem]">
          {permissions.map(([name, access]) => (
            <li key={name} className="flex items-center gap-2">
              <Check aria-hidden size={14} className="text-ok" />
              {name} <span className="text-muted">{access}</span>
            </li>
          ))}
          {permissions.length === 0 && <li className="text-muted">Not known until GitHub was asked.</li>}
        </ul>
        <p className="text-[0.8125rem] text-muted">
          {installation.events.length === 0
            ? 'No events known.'
            : `Subscribed: ${installation.events.join(', ')}.`}
        </p>
      </div>
    </Card>
  );
}
