import { checkpointKeys } from '../../db/repository-sync/checkpoint-keys.ts';
import type { CountedKind, CountedRow } from '../../entities/index.ts';
import { atPage } from '../checkpoints.ts';
import { throwIfExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { prepareWrite } from '../context/store-rows.ts';

/**
 * Reads the list of a kind to its end, over several rounds if it is long: each page is saved with where the
 * reading continues.
 *
 * @param target what it is read for; an interrupted reading continues only for the same target
 * @param since all if null
 * @throws TimeSliceExpired between two pages when the round is over
 */
export async function readAll(
  context: RepositoryContext,
  entity: CountedKind,
  target: string,
  since: string | null,
  visit: (row: CountedRow) => void,
): Promise<void> {
  const { checkpoints } = context.repository;
  const name = checkpointKeys.asked(entity.name);
  const saved = checkpoints[name]?.target === target ? checkpoints[name] : undefined;
  for await (const page of context.api.list(entity, { since, from: saved?.url })) {
    if (page === null) break;
    const write = await prepareWrite(context, entity, page.rows, page.date);
    page.rows.forEach(visit);
    const checkpoint = page.next === null ? null : atPage(page.next, saved?.began_at ?? page.date, target);
    await context.save(async (tx) => {
      const changed = await write(tx);
      await context.saveCheckpoint(tx, name, checkpoint);
      return { [entity.name]: changed };
    });
    if (checkpoint !== null) throwIfExpired(context);
  }
}
