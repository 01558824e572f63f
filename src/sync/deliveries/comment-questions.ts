import { markRowsDeleted } from '../../db/rows/entity-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import { parentIds } from '../../db/rows/comment-counts.ts';
import { isSame } from '../announcements.ts';
import { assertInReach } from '../listings/assert-in-reach.ts';
import { parentTables, type CommentKind, type CommentRow } from '../further/comment-kind.ts';
import { writeFound } from '../further/resolve-comments.ts';
import { prepareComments } from '../further/write-comments.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';

/**
 * Writes a comment whose issue or pull request was missing when its delivery arrived, once it is there: it was
 * requested before.
 *
 * @returns false while its parent is unknown; the comment of a deleted parent is not written
 */
export async function besideItsParent<Row extends CommentRow>(
  context: RepositoryFacts & RepositoryWriter,
  kind: CommentKind<Row>,
  row: Row,
  last: boolean,
): Promise<boolean> {
  const { id } = context.repository;
  const parents = await parentIds(sqlOf(context.orm), id, parentTables(kind), [row.number]);
  const parent = parents.get(row.number);
  if (parent === undefined) return last;
  if (parent === null) return true;
  const write = await prepareComments(context, kind, [row], row.updated_at);
  await context.save(async (tx) => ({ [kind.name]: await write(tx) }));
  return true;
}

/** A comment as payloads announce it, and as it is here. */
export interface AnnouncedComment<Row> {
  /** the newest state that payloads show, or null where none could be read */
  newest: Row | null;
  /** the newest time that they show, or null */
  at: string | null;
  stored: Row | undefined;
}

/**
 * Makes one comment match GitHub's answer.
 *
 * @returns whether the answer is as new as what was announced
 */
export async function refetchComment<Row extends CommentRow>(
  context: RepositoryFacts & RepositoryWriter,
  kind: CommentKind<Row>,
  { id }: { id: number },
  announced: AnnouncedComment<Row>,
  last: boolean,
): Promise<boolean> {
  const found = await context.api.find(kind, { id });
  if (found.state === 'found') {
    await writeFound(context, kind, [[id, found]]);
    return isAsNew(found.row, announced);
  }
  // A 404 can be too early.
  if (!last) return false;
  await assertInReach(context);
  await context.save(async (tx) => {
    const marked = await markRowsDeleted(tx, kind, context.repository.id, [id]);
    return { [kind.name]: marked.length };
  });
  return true;
}

function isAsNew<Row extends CommentRow>(
  answer: Row,
  { newest, at, stored }: AnnouncedComment<Row>,
): boolean {
  const age = at === null ? 1 : Date.parse(answer.updated_at) - Date.parse(at);
  if (age !== 0) return age > 0;
  if (newest !== null && newest.updated_at === at && isSame(answer, newest)) return true;
  // The state from before, under the same second: older than what was announced, or that was late.
  return stored === undefined || !isSame(answer, stored);
}
