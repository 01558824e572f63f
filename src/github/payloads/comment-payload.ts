import { z } from 'zod';
import type { Entity, EntityRow } from '../../entities/entity.ts';
import { read } from '../answers.ts';
import { isAsDescribed } from './payloads.ts';

const numbered = z.object({ id: z.number().int() });

/**
 * The comment in a payload's `field`; `row` is null if something of it cannot be read, or is something that
 * GitHub never sends.
 *
 * @throws SyncError GITHUB_BAD_ANSWER if not even its id can be read
 */
export function readComment<Row extends EntityRow>(
  kind: Entity<string, Row>,
  payload: Readonly<Record<string, unknown>>,
  field: string,
): { id: number; row: Row | null; parentId: number | null } {
  const { id } = read(numbered, payload[field], field);
  return {
    id,
    row: isAsDescribed(kind, payload[field]) ? (kind.row.safeParse(payload[field]).data ?? null) : null,
    parentId: numbered.safeParse(payload['pull_request']).data?.id ?? null,
  };
}
