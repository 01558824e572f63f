import { subscribedEvents } from '../deliveries/events.ts';
import { entities, requiredKinds } from '../entities/index.ts';

/** Without one of these (read access each) a repository is in error. */
export const requiredPermissions: readonly string[] = [
  ...new Set(['metadata', ...requiredKinds.flatMap(({ permissions }) => permissions)]),
].sort();

/** Without one of these the mirror works, and lacks what they are for. */
export const furtherPermissions: readonly string[] = [
  ...new Set(['members', ...entities.flatMap(({ permissions }) => permissions)]),
]
  .filter((name) => !requiredPermissions.includes(name))
  .sort();

/** GitHub tells of renamed and deleted organisations only who may read their members. */
const membersEvents: readonly string[] = ['organization'];

/** What the App subscribes to; GitHub accepts the event `organization` only with the permission `members`. */
export function neededEvents(permissions: Readonly<Record<string, string>>): string[] {
  return subscribedEvents.filter(
    (event) => permissions['members'] !== undefined || !membersEvents.includes(event),
  );
}

/** The names of those that are not granted; `write` and `admin` include reading. */
export function missingPermissions(
  wanted: readonly string[],
  granted: Readonly<Record<string, string>>,
): string[] {
  return wanted.filter((name) => granted[name] === undefined);
}
