import type { Numbered } from '../db/queries/issue-numbers.ts';
import type { SyncError } from '../errors.ts';
import type { Found } from '../github/repository-api.ts';
import type { ComparedList } from './compare-list.ts';
import { noteWholeList } from './read-list.ts';
import { oneByOne, resolveMissing } from './resolve-missing.ts';
import { OutOfTime, type RepositoryWork } from './repository-work.ts';

/**
 * Asks for each live row that the whole list lacks. Those that are there are written; those that GitHub says it
 * deleted (410) or moved are marked; those it says nothing of (404) only where its count agrees with its list.
 *
 * @returns the first error of those that could not be asked for, or null
 */
export async function settleMissing<Row extends { id: number }>(
  work: RepositoryWork,
  list: ComparedList<Row>,
  missing: readonly Numbered[],
  agreed: boolean,
): Promise<SyncError | null> {
  const error = await resolveMissing<Numbered, Found<Row>>(missing, {
    ask: oneByOne(({ number }) => list.find(number)),
    settle: (said) => settle(work, list, said, agreed),
    pause: async () => {
      if (!work.timeIsUp()) return;
      await noteWholeList(work, list, true);
      throw new OutOfTime();
    },
  });
  await noteWholeList(work, list, false);
  return error;
}

async function settle<Row extends { id: number }>(
  work: RepositoryWork,
  list: ComparedList<Row>,
  said: readonly (readonly [Numbered, Found<Row>])[],
  agreed: boolean,
): Promise<void> {
  const there: Row[] = [];
  const deleted: number[] = [];
  const transferred: number[] = [];
  let date = new Date().toISOString();
  for (const [{ id }, found] of said) {
    if (found.state === 'found' && found.row.id === id) {
      there.push(found.row);
      ({ date } = found);
    } else if (found.state === 'moved') transferred.push(id);
    // Under its number there may be another by now: then GitHub does not have this one.
    else if (found.state === 'gone' || found.state === 'found') deleted.push(id);
    else if (found.state === 'absent' && agreed) deleted.push(id);
  }
  const write = await list.write(there, date);
  await work.save(async (tx) => {
    const changed = await write(tx);
    const gone = await list.mark(tx, deleted, 'deleted');
    return { [list.table]: changed + gone + (await list.mark(tx, transferred, 'transferred')) };
  });
}
