import { liveNumbered } from '../../db/rows/issue-numbers.ts';
import { markRowsDeleted } from '../../db/rows/entity-rows.ts';
import type { DeletedReason } from '../../entities/event-rule.ts';
import type { CountedKind, CountedRow } from '../../entities/index.ts';
import { announce, isAsNew, type Announcement, type Announcements } from '../announcements.ts';
import { compareList } from './compare-list.ts';
import { prepareWrite } from '../context/store-rows.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import type { RepositoryContext } from '../context/repository-context.ts';

/** Makes one issue or pull request match GitHub's answer; returns whether that is as new as announced. */
export async function refetchNumber(
  context: RepositoryContext,
  kind: CountedKind,
  number: number,
  announced: Announcement<CountedRow>,
  last: boolean,
): Promise<boolean> {
  const found = await context.api.find(kind, { number });
  if (found.state === 'found') return writeAnswer(context, kind, found, announced, last);
  // For what it deletes and transfers, GitHub has an answer; for other kinds the complete list decides.
  if (kind.deletedReasons && found.state !== 'not_found') {
    if (found.state === 'moved') await markDeleted(context, kind, number, 'transferred');
    if (found.state === 'gone') await markDeleted(context, kind, number, 'deleted');
    return true;
  }
  // It was marked as deleted and stays so as long as GitHub does not show it.
  if (announced.marked) return true;
  if (announced.deleted !== null) await markDeleted(context, kind, number, announced.deleted);
  // A 404 alone is no evidence and can be too early: the count and the complete list are.
  else if (last) await compareList(context, kind, await context.probe());
  return announced.deleted !== null;
}

async function writeAnswer(
  context: RepositoryFacts & RepositoryWriter,
  kind: CountedKind,
  found: { row: CountedRow; date: string },
  announced: Announcement<CountedRow>,
  last: boolean,
): Promise<boolean> {
  const isShown = isAsNew(found.row, announced);
  // The next answer is compared with the count from before: a count in transition must not replace it.
  const count = isShown || last ? undefined : announced.stored?.comments_count;
  const row = typeof count === 'number' ? { ...found.row, comments_count: count } : found.row;
  const write = await prepareWrite(context, kind, [row], found.date);
  await context.save(async (tx) => ({ [kind.name]: await write(tx) }));
  return isShown;
}

async function markDeleted(
  context: RepositoryFacts & RepositoryWriter,
  kind: CountedKind,
  number: number,
  reason: DeletedReason,
): Promise<void> {
  const { id } = context.repository;
  await context.save(async (tx) => {
    const ids = await liveNumbered(tx, id, kind.name, number);
    return { [kind.name]: (await markRowsDeleted(tx, kind, id, ids, reason)).length };
  });
}

/** Makes those of which something changed without a trace match GitHub's answers. */
export async function refetchNumbers(
  context: RepositoryContext,
  kind: CountedKind,
  numbers: readonly number[],
): Promise<void> {
  const asked: Announcements<CountedRow> = new Map();
  for (const number of numbers) {
    const announced = announce(asked, number, null);
    await context.pollUntilConsistent((last) => refetchNumber(context, kind, number, announced, last));
  }
}
