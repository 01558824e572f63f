/** Which installations receive a delivery about an occurrence. */
import { installationFor, installationOn } from '../world/access.ts';
import { ALWAYS_SENT, type WebhookEvent } from './event.ts';
import type { Occurrence } from '../world/occurrence.ts';
import type { Installation } from '../world/types.ts';
import type { World } from '../world/world.ts';

/** The installation that gets a delivery, or null: not installed, suspended, not subscribed, not permitted. */
export function targetOf(
  world: World,
  events: ReadonlyMap<string, WebhookEvent>,
  occurrence: Occurrence,
): Installation | null {
  const installation = concerned(world, occurrence);
  if (!installation) return null;
  if (occurrence.event === 'installation') return installation;
  if (installation.suspendedAt !== null) return null;
  if (ALWAYS_SENT.has(occurrence.event)) return installation;
  const needed = events.get(occurrence.event)?.permissions ?? [];
  const permitted = needed.length === 0 || needed.some((one) => installation.permissions[one] !== undefined);
  return permitted && installation.events.includes(occurrence.event) ? installation : null;
}

function concerned(world: World, occurrence: Occurrence): Installation | null {
  if ('installation' in occurrence) return occurrence.installation;
  if ('account' in occurrence) return installationOn(world, occurrence.account.id);
  return installationFor(world, occurrence.repository);
}
