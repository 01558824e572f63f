import { sqlOf } from '../../db/orm.ts';
import { unlistedComments } from '../../db/rows/comment-counts.ts';
import { markRowsDeleted } from '../../db/rows/entity-rows.ts';
import type { SyncError } from '../../errors.ts';
import type { Found } from '../../github/entity-api.ts';
import { assertInReach } from '../listings/assert-in-reach.ts';
import { oneByOne, resolveMissing } from '../listings/resolve-missing.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { throwIfExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import type { CommentKind, CommentRow } from './comment-kind.ts';
import { prepareComments } from './write-comments.ts';

/**
 * Requests each live comment that a list lacks, by id: existing ones are written, the others marked.
 *
 * @param list the name under which the ids of the list are kept
 * @param number of the only parent, if it is one parent's list, or null
 * @returns the first error of those that could not be requested, or null; and whether some of them exist
 * @throws TimeSliceExpired between two batches; what was requested is not requested again
 */
export async function resolveUnlistedComments<Row extends CommentRow>(
  context: RepositoryContext,
  kind: CommentKind<Row>,
  list: string,
  number: number | null,
): Promise<{ error: SyncError | null; isLacking: boolean }> {
  const { id } = context.repository;
  const missing = await unlistedComments(sqlOf(context.orm), kind.name, id, list, number);
  let isLacking = false;
  const error = await resolveMissing<number, Found<Row>>(missing, {
    ask: oneByOne((comment) => context.api.find(kind, { id: comment })),
    write: (found) => {
      isLacking ||= found.some(([comment, answer]) => answer.state === 'found' && answer.row.id === comment);
      return writeFound(context, kind, found);
    },
    pause: () => throwIfExpired(context),
  });
  return { error, isLacking };
}

/** Writes what GitHub says of comments that were requested by id. */
export async function writeFound<Row extends CommentRow>(
  context: RepositoryFacts & RepositoryWriter,
  kind: CommentKind<Row>,
  found: readonly (readonly [number, Found<Row>])[],
): Promise<void> {
  const there: Row[] = [];
  const deleted: number[] = [];
  let notFound = false;
  let date = new Date().toISOString();
  for (const [id, answer] of found) {
    if (answer.state === 'found' && answer.row.id === id) {
      there.push(answer.row);
      ({ date } = answer);
    } else if (answer.state === 'not_found' || answer.state === 'gone') {
      deleted.push(id);
      notFound ||= answer.state === 'not_found';
    }
  }
  if (notFound) await assertInReach(context);
  const write = await prepareComments(context, kind, there, date);
  await context.save(async (tx) => {
    const changed = await write(tx);
    const gone = await markRowsDeleted(tx, kind, context.repository.id, deleted);
    return { [kind.name]: changed + gone.length };
  });
}
