import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** How an installation's repositories are queried: how many per query, and for what. */
export interface Probing {
  probe_size: number;
  permissions: Record<string, string> | null;
}

export async function findProbing(db: Sql, installationId: number): Promise<Probing> {
  const { rows } = await sql<Probing>`
    select probe_size, permissions from installations where id = ${installationId}`.execute(db);
  return rows[0] ?? { probe_size: Infinity, permissions: null };
}

export async function saveProbeSize(db: Sql, installationId: number, size: number): Promise<void> {
  await sql`update installations set probe_size = ${size}
    where id = ${installationId} and probe_size <> ${size}`.execute(db);
}
