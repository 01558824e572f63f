import { sqlOf } from '../../db/orm.ts';
import { unlistedComments } from '../../db/queries/comment-counts.ts';
import type { SyncError } from '../../errors.ts';
import type { Found } from '../../github/entity-api.ts';
import { oneByOne, resolveMissing } from '../resolve-missing.ts';
import { OutOfTime, type RepositoryWork } from '../repository-work.ts';
import type { CommentKind, CommentRow } from './comment-kind.ts';
import { markComments, prepareComments } from './write-comments.ts';

/**
 * Asks GitHub for each live comment that a list lacks, by its id: what is there is written, what is not is marked.
 *
 * @param list the name that the ids of the list are kept under
 * @param number of the only parent whose list it is, or null
 * @returns the first error of those that could not be asked for, or null
 * @throws OutOfTime between two batches; what was asked for is not asked again
 */
export async function settleUnlisted<Row extends CommentRow>(
  work: RepositoryWork,
  kind: CommentKind<Row>,
  list: string,
  number: number | null,
): Promise<SyncError | null> {
  const { id } = work.repository;
  const missing = await unlistedComments(sqlOf(work.orm), kind.name, id, list, number);
  return resolveMissing<number, Found<Row>>(missing, {
    ask: oneByOne((comment) => work.api.find(kind, { id: comment })),
    settle: (found) => settleFound(work, kind, found),
    pause: () => {
      if (work.timeIsUp()) throw new OutOfTime();
    },
  });
}

/** Writes what GitHub says of comments that were asked for by their ids. */
export async function settleFound<Row extends CommentRow>(
  work: RepositoryWork,
  kind: CommentKind<Row>,
  found: readonly (readonly [number, Found<Row>])[],
): Promise<void> {
  const there: Row[] = [];
  const gone: number[] = [];
  let date = new Date().toISOString();
  for (const [id, answer] of found) {
    if (answer.state === 'found' && answer.row.id === id) {
      there.push(answer.row);
      ({ date } = answer);
    } else if (answer.state === 'absent' || answer.state === 'gone') gone.push(id);
  }
  const write = await prepareComments(work, kind, there, date);
  await work.save(async (tx) => {
    const changed = await write(tx);
    return { [kind.name]: changed + (await markComments(tx, kind, work.repository.id, gone)) };
  });
}
