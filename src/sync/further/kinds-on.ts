import { furtherKinds } from '../../entities/index.ts';

/**
 * The further kinds that are mirrored of an installation: those that one of their permissions opens, without those that
 * an operator left out. None at all known of its permissions: every kind is tried.
 *
 * @param skipped names of kinds (SYNC_SKIP)
 */
export function kindsOn(
  permissions: Readonly<Record<string, string>> | null,
  skipped: ReadonlySet<string>,
): Set<string> {
  const isUnknown = permissions === null || Object.keys(permissions).length === 0;
  const on = furtherKinds.filter(
    (kind) =>
      !skipped.has(kind.name) &&
      (isUnknown || kind.permissions.some((permission) => permissions[permission] !== undefined)),
  );
  return new Set(on.map(({ name }) => name));
}
