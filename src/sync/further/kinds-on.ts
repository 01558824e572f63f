import type { Entity } from '../../entities/entity.ts';
import { furtherKinds, isSkipped, requiredKinds } from '../../entities/index.ts';
import type { Readable } from '../../model.ts';
import { isPermitted } from '../context/readable.ts';

/**
 * The further kinds that are mirrored for an installation: those that one of its permissions allows, without
 * those that an operator skipped.
 *
 * @param skipped names of kinds (SYNC_SKIP)
 */
export function kindsOn(may: Readable, skipped: ReadonlySet<string>): Set<string> {
  const on = furtherKinds.filter((kind) => isPermitted(kind, may) && !isSkipped(kind, skipped));
  return new Set(on.map(({ name }) => name));
}

/**
 * The kinds whose rows must be read in full with their current description: the further ones that are on, and
 * required ones with added columns.
 */
export function describedKinds(on: ReadonlySet<string>, may: Readable): Entity[] {
  return [
    ...requiredKinds.filter((kind) => kind.version > 1 && isPermitted(kind, may)),
    ...furtherKinds.filter(({ name }) => on.has(name)),
  ];
}

/** The versions of these descriptions, by kind. */
export function versionsOf(kinds: readonly Entity[]): Record<string, number> {
  return Object.fromEntries(kinds.map(({ name, version }) => [name, version]));
}
