/** Which installations hear of an occurrence. */
import { installationFor, installationOn } from '../resources/installations/access.ts';
import type { Occurrence } from '../world/occurrence.ts';
import type { Installation } from '../world/types.ts';
import type { World } from '../world/world.ts';

/** Sent to every App without subscription. Source: OpenAPI summaries. */
const ALWAYS = new Set(['installation', 'installation_repositories', 'installation_target']);

/** The permissions without any of which an event is not sent. `repository` needs only metadata, which is always granted. */
const PERMISSIONS: Record<string, string[]> = {
  create: ['contents'],
  delete: ['contents'],
  fork: ['contents'],
  issue_comment: ['issues'],
  issues: ['issues'],
  label: ['issues'],
  milestone: ['issues', 'pull_requests'],
  organization: ['members'],
  pull_request: ['pull_requests'],
  pull_request_review: ['pull_requests'],
  pull_request_review_comment: ['pull_requests'],
  pull_request_review_thread: ['pull_requests'],
  push: ['contents'],
  release: ['contents'],
};

/** The installation that gets a delivery, or null: not installed, suspended, not subscribed, not permitted. */
export function targetOf(world: World, occurrence: Occurrence): Installation | null {
  const installation = concerned(world, occurrence);
  if (!installation) return null;
  if (occurrence.event === 'installation') return installation;
  if (installation.suspendedAt !== null) return null;
  if (ALWAYS.has(occurrence.event)) return installation;
  const permitted =
    PERMISSIONS[occurrence.event]?.some((one) => installation.permissions[one] !== undefined) ?? true;
  return permitted && installation.events.includes(occurrence.event) ? installation : null;
}

function concerned(world: World, occurrence: Occurrence): Installation | null {
  if ('installation' in occurrence) return occurrence.installation;
  if ('account' in occurrence) return installationOn(world, occurrence.account.id);
  return installationFor(world, occurrence.repository);
}
