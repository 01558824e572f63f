import { z } from 'zod';
import type { Entity, EntityRow } from '../../entities/entity.ts';
import { read } from '../answers.ts';

const numbered = z.object({ id: z.number().int() });

/**
 * The comment that a payload shows; `row` is null where something of it cannot be read.
 *
 * @throws SyncError GITHUB_BAD_ANSWER when not even its id can be
 */
export function readComment<Row extends EntityRow>(
  kind: Entity<string, Row>,
  payload: Readonly<Record<string, unknown>>,
): { id: number; row: Row | null; parentId: number | null } {
  const { id } = read(numbered, payload['comment'], 'comment');
  return {
    id,
    row: kind.row.safeParse(payload['comment']).data ?? null,
    parentId: numbered.safeParse(payload['pull_request']).data?.id ?? null,
  };
}
