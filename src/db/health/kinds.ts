import { sql } from 'kysely';
import { furtherKinds, isGranted, isSkipped } from '../../entities/index.ts';
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
    const { name } = kind;
    if (isSkipped(kind, skipped))
      return { kind: name, on: 0, off: live, reasons: live > 0 ? { skipped: live } : {} };
    const on = rows
      .filter(({ permissions: granted }) => isGranted(kind, granted))
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
    const off = { kind: kind.name, permissions: [...kind.permissions] };
    if (isSkipped(kind, skipped)) return [{ ...off, reason: 'skipped' }];
    return isGranted(kind, permissions) ? [] : [{ ...off, reason: 'permission' }];
  });
}
