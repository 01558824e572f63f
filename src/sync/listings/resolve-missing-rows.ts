import type { Numbered } from '../../db/rows/issue-numbers.ts';
import type { SyncError } from '../../errors.ts';
import { markRowsDeleted } from '../../db/rows/entity-rows.ts';
import type { Found } from '../../github/entity-api.ts';
import type { CountedKind, CountedRow } from '../../entities/index.ts';
import { recordWholeList } from './read-list.ts';
import { oneByOne, resolveMissing } from './resolve-missing.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { TimeSliceExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { prepareWrite } from '../context/store-rows.ts';

/**
 * Requests each live row that the whole list lacks. Existing ones are written; those that GitHub says it
 * deleted (410) or moved are marked; those that answer 404 only if GitHub's count agrees with its list.
 *
 * @returns the first error of those that could not be requested, or null
 */
export async function resolveMissingRows(
  context: RepositoryContext,
  entity: CountedKind,
  missing: AsyncIterable<readonly Numbered[]>,
  agreed: boolean,
): Promise<SyncError | null> {
  async function pause(): Promise<void> {
    if (!context.shouldYield()) return;
    await recordWholeList(context, entity, true);
    throw new TimeSliceExpired();
  }
  let error: SyncError | null = null;
  let pages = 0;
  for await (const page of missing) {
    if (pages > 0) await pause();
    pages += 1;
    const failed = await resolveMissing<Numbered, Found<CountedRow>>(page, {
      ask: oneByOne(({ number }) => context.api.find(entity, { number })),
      write: (verdicts) => writeAnswers(context, entity, verdicts, agreed),
      pause,
    });
    error ??= failed;
  }
  await recordWholeList(context, entity, false);
  return error;
}

/** Writes what GitHub says of rows that a list lacks. @param agreed whether a 404 counts as a deletion */
export async function writeAnswers(
  context: RepositoryFacts & RepositoryWriter,
  entity: CountedKind,
  verdicts: readonly (readonly [Numbered, Found<CountedRow>])[],
  agreed: boolean,
): Promise<void> {
  const there: CountedRow[] = [];
  const deleted: number[] = [];
  const transferred: number[] = [];
  let date = new Date().toISOString();
  for (const [{ id }, found] of verdicts) {
    if (found.state === 'found' && found.row.id === id) {
      there.push(found.row);
      ({ date } = found);
    } else if (found.state === 'moved') transferred.push(id);
    // Its number may belong to another object by now: then GitHub does not have this one.
    else if (found.state === 'gone' || found.state === 'found') deleted.push(id);
    else if (found.state === 'not_found' && agreed) deleted.push(id);
  }
  const write = await prepareWrite(context, entity, there, date);
  await context.save(async (tx) => {
    const changed = await write(tx);
    const { id } = context.repository;
    const gone = await markRowsDeleted(tx, entity, id, deleted);
    const moved = await markRowsDeleted(tx, entity, id, transferred, 'transferred');
    return { [entity.name]: changed + gone.length + moved.length };
  });
}
