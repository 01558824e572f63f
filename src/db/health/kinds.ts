import { sql } from 'kysely';
import { furtherKinds, isSkipped } from '../../entities/index.ts';
import type { Sql } from '../orm.ts';

/** On how many live installations a further kind is on, and why it is off on the others. */
export interface KindState {
  kind: string;
  on: number;
  off: number;
  reasons: Partial<Record<'permission' | 'skipped', number>>;
}

/**
 * Every further kind.
 *
 * @param skipped names of kinds that an operator skipped (SYNC_SKIP)
 */
export async function readKinds(db: Sql, skipped: ReadonlySet<string>): Promise<KindState[]> {
  const { rows } = await sql<{ permissions: Record<string, string>; installations: number }>`
    select permissions, count(*) as installations from installations where deleted_at is null
    group by permissions`.execute(db);
  const live = rows.reduce((sum, { installations }) => sum + installations, 0);
  return furtherKinds.map((kind) => {
    const { name, permissions: opening } = kind;
    if (isSkipped(kind, skipped))
      return { kind: name, on: 0, off: live, reasons: live > 0 ? { skipped: live } : {} };
    const on = rows
      .filter(({ permissions: granted }) => isOpen(granted, opening))
      .reduce((sum, { installations }) => sum + installations, 0);
    return { kind: name, on, off: live - on, reasons: live > on ? { permission: live - on } : {} };
  });
}

/**
 * A further kind that is off for an installation: the permissions that would allow it, or that it is skipped.
 */
export interface KindOff {
  kind: string;
  reason: 'permission' | 'skipped';
  permissions: string[];
}

/** The further kinds that are off with these permissions. */
export function kindsOff(
  permissions: Readonly<Record<string, string>>,
  skipped: ReadonlySet<string>,
): KindOff[] {
  return furtherKinds.flatMap((kind): KindOff[] => {
    const opening = [...kind.permissions];
    if (isSkipped(kind, skipped)) return [{ kind: kind.name, reason: 'skipped', permissions: opening }];
    return isOpen(permissions, opening)
      ? []
      : [{ kind: kind.name, reason: 'permission', permissions: opening }];
  });
}

/** No permissions of the installation are known at all: every kind is tried. */
function isOpen(granted: Readonly<Record<string, string>>, opening: readonly string[]): boolean {
  return Object.keys(granted).length === 0 || opening.some((permission) => granted[permission] !== undefined);
}
