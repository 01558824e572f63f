import { markRowsDeleted } from '../../db/rows/entity-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import { parentIds } from '../../db/rows/comment-counts.ts';
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

/**
 * Makes one comment match GitHub's answer.
 *
 * @param newest the newest state in payloads, or null if none could be read
 * @returns whether the answer is as new
 */
export async function refetchComment<Row extends CommentRow>(
  context: RepositoryFacts & RepositoryWriter,
  kind: CommentKind<Row>,
  { id }: { id: number },
  newest: Row | null,
  last: boolean,
): Promise<boolean> {
  const found = await context.api.find(kind, { id });
  if (found.state === 'found') {
    await writeFound(context, kind, [[id, found]]);
    return newest === null || Date.parse(found.row.updated_at) >= Date.parse(newest.updated_at);
  }
  // A 404 can be too early.
  if (!last) return false;
  await context.save(async (tx) => {
    const marked = await markRowsDeleted(tx, kind, context.repository.id, [id]);
    return { [kind.name]: marked.length };
  });
  return true;
}
