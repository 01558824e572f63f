import type { Entity } from '../../entities/entity.ts';
import {
  countedKinds,
  entities,
  isGranted,
  requiredKindPermissions as needed,
  type ByCounted,
} from '../../entities/index.ts';
import { SyncError } from '../../errors.ts';
import type { Readable } from '../../model.ts';
import type { RepositoryFacts } from './repository-facts.ts';

const names = [...new Set(entities.flatMap(({ permissions }) => permissions))];

/** What an installation's permissions let the App read. If no permissions are known, everything is tried. */
export function readable(permissions: Readonly<Record<string, string>> | null): Readable {
  return Object.fromEntries(names.map((name) => [name, isGranted({ permissions: [name] }, permissions)]));
}

/** Whether one of a kind's permissions was granted. */
export function isPermitted({ permissions }: Pick<Entity, 'permissions'>, may: Readable): boolean {
  return permissions.some((permission) => may[permission] === true);
}

/** Whether a repository's issues, or pull requests, can be read: permitted, and not switched off. */
export function isReadable({ may, repository }: RepositoryFacts, name: string): boolean {
  const kind = countedKinds.find((one) => one.name === name);
  return kind !== undefined && isPermitted(kind, may) && repository[`has_${kind.name}`];
}

/** The kinds that can be switched off in a repository. */
export type Switches = ByCounted<'has_', '', boolean>;

/**
 * Whether nothing is switched off: otherwise GitHub's count includes rows that are not here, and GitHub must be
 * asked.
 */
export function isAllSwitchedOn(repository: Switches): boolean {
  return countedKinds.every(({ name }) => repository[`has_${name}`]);
}

/** The error of a repository with a kind that is left out, or null if all kinds can be read. */
export function deniedKinds(may: Readable): SyncError | null {
  const denied = needed.filter((name) => may[name] !== true).map((name) => name.replaceAll('_', ' '));
  if (denied.length === 0) return null;
  return new SyncError(
    'PERMISSION_MISSING',
    `the App may not read ${denied.join(' and ')} of this installation`,
  );
}
