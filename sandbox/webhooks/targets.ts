/** Which installations hear of an occurrence. */
import { installationFor, installationOn } from '../world/access.ts';
import type { Occurrence } from '../world/occurrence.ts';
import type { Installation } from '../world/types.ts';
import type { World } from '../world/world.ts';

/** Sent to every App without subscription. Source: OpenAPI summaries. */
const ALWAYS = new Set(['installation', 'installation_repositories', 'installation_target']);

/** The permission without which an event is not sent. `repository` needs only metadata, which is always granted. */
const PERMISSIONS: Record<string, string> = {
  create: 'contents',
  delete: 'contents',
  fork: 'contents',
  issue_comment: 'issues',
  issues: 'issues',
  label: 'issues',
  organization: 'members',
  pull_request: 'pull_requests',
  pull_request_review: 'pull_requests',
  push: 'contents',
};

/** The installation that gets a delivery, or null: not installed, suspended, not subscribed, not permitted. */
export function targetOf(world: World, occurrence: Occurrence): Installation | null {
  const installation = concerned(world, occurrence);
  if (!installation) return null;
  if (occurrence.event === 'installation') return installation;
  if (installation.suspendedAt !== null) return null;
  if (ALWAYS.has(occurrence.event)) return installation;
  const permission = PERMISSIONS[occurrence.event];
  const permitted = permission === undefined || installation.permissions[permission] !== undefined;
  return permitted && installation.events.includes(occurrence.event) ? installation : null;
}

function concerned(world: World, occurrence: Occurrence): Installation | null {
  if ('installation' in occurrence) return occurrence.installation;
  if ('account' in occurrence) return installationOn(world, occurrence.account.id);
  return installationFor(world, occurrence.repository);
}
