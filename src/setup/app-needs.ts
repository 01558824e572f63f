import type { Entity } from '../entities/entity.ts';
import { entities, furtherKinds, requiredKindPermissions } from '../entities/index.ts';

/** Without one of these (read access each) a repository is in error. */
export const requiredPermissions: readonly string[] = ['metadata', ...requiredKindPermissions].sort();

/** Without one of these the mirror works, but lacks what they are for. */
export const furtherPermissions: readonly string[] = [
  ...new Set(['members', ...entities.flatMap(({ permissions }) => permissions)]),
]
  .filter((name) => !requiredPermissions.includes(name))
  .sort();

/** The kinds that are off with these permissions, by table name. */
function kindsOff(permissions: Readonly<Record<string, string>>): string[] {
  return furtherKinds.filter((kind) => !isReadable(kind, permissions)).map(({ name }) => name);
}

function isReadable({ permissions: needed }: Entity, granted: Readonly<Record<string, string>>): boolean {
  return needed.some((permission) => granted[permission] !== undefined);
}

/** Why a missing further permission matters. */
export function lackOf(permissions: Readonly<Record<string, string>>): string {
  const off = kindsOff(permissions);
  const members =
    permissions['members'] === undefined ? 'Renamed organisations are seen at the next sweep alone.' : '';
  return `${off.length > 0 ? `Not mirrored: ${off.join(', ')}. ` : ''}${members}`.trim();
}

/** The names of those that are not granted; `write` and `admin` include reading. */
export function missingPermissions(
  needed: readonly string[],
  granted: Readonly<Record<string, string>>,
): string[] {
  return needed.filter((name) => granted[name] === undefined);
}
