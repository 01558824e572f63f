import type { Sql } from '../../db/orm.ts';
import { clearListed, recordListed } from '../../db/rows/listed-ids.ts';
import type { NoPage } from '../../github/comment-api.ts';
import type { RowPage } from '../../github/pages/row-page.ts';
import type { Unreadable } from '../../github/pages/unreadable.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { atPage, isThrough } from '../checkpoints.ts';
import { saveUnreadOf, withMet, withoutReadAgain } from '../context/unread-elements.ts';
import { throwIfExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import type { CommentKind, CommentRow } from './comment-kind.ts';
import { prepareComments } from './write-comments.ts';

/** Which comments to read, and under which names to store the progress. */
export interface CommentReading {
  /** its checkpoint, one of a further kind */
  key: string;
  /** an interrupted reading continues only for the same target */
  target: string;
  /** where to keep the ids that were met, for `unlistedComments`; null: nowhere */
  list: string | null;
  /**
   * from when on to read the repository's comments (null: all); undefined for the list of one issue or pull
   * request
   */
  since?: string | null;
}

/** The result of a reading. */
export interface CommentsRead {
  /** GitHub's time when it began */
  beganAt: string;
  /** false if GitHub did not show the list to its end: then missing rows are no sign of absence */
  whole: boolean;
  /** the kind is switched off at GitHub */
  off: boolean;
  /** GitHub does not show the issue or pull request whose comments these are */
  notFound: boolean;
  /** elements that exist but could not be read */
  unreadable: Unreadable[];
}

/**
 * Reads a list of comments to its end, saving each page with where the reading resumes. Its checkpoint stays
 * until `forgetReading`, so that a further round does not read it again.
 *
 * @throws TimeSliceExpired between two pages
 */
export async function readComments<Row extends CommentRow>(
  context: RepositoryContext,
  kind: CommentKind<Row>,
  { key, target, list, since }: CommentReading,
  pages: (from: string | undefined) => AsyncGenerator<RowPage<Row> | NoPage>,
): Promise<CommentsRead> {
  const { checkpoints, id } = context.repository;
  const saved = checkpoints[key]?.target === target ? checkpoints[key] : undefined;
  const read = {
    beganAt: saved?.began_at ?? '',
    whole: true,
    off: false,
    notFound: false,
    unreadable: [] as Unreadable[],
  };
  if (isThrough(saved)) return read;
  if (list !== null && saved === undefined) {
    await context.save((tx) => clearListed(tx, id, list));
  }
  for await (const page of pages(saved?.url)) {
    if (typeof page === 'string')
      return { ...read, whole: false, off: page === 'off', notFound: page === 'not_found' };
    read.beganAt ||= page.date;
    read.unreadable.push(...page.unreadable);
    const write = await prepareComments(context, kind, page.rows, page.date);
    const met = [...page.rows, ...page.unreadable].flatMap((one) => one.id ?? []);
    const checkpoint = atPage(page.next, read.beganAt, target);
    await context.save(async (tx) => {
      const changed = await write(tx);
      if (list !== null) await recordListed(tx, id, list, met);
      if (since !== undefined) await recordUnread(tx, context, kind, page, { since, read });
      await context.saveCheckpoint(tx, key, checkpoint);
      return { [kind.name]: changed };
    });
    if (page.next !== null) throwIfExpired(context);
  }
  return read;
}

/**
 * Unreadable elements are saved with every page, and forgotten when an equally long reading no longer meets
 * them.
 */
async function recordUnread<Row extends CommentRow>(
  tx: Sql,
  { repository }: RepositoryFacts,
  { name }: CommentKind<Row>,
  { unreadable, date, next }: RowPage<Row>,
  { since, read }: { since: string | null; read: CommentsRead },
): Promise<void> {
  const met = unreadable.map(({ reason }) => ({ number: null, reason }));
  const kept = withMet(repository.unread[name] ?? [], met, since, date);
  const left = next === null ? withoutReadAgain(kept, since, read.beganAt) : kept;
  await saveUnreadOf(tx, repository, name, left);
}

/** Ends a reading and the processing of its result. */
export async function forgetReading(
  context: RepositoryFacts & RepositoryWriter,
  { key, list }: Pick<CommentReading, 'key' | 'list'>,
): Promise<void> {
  if (context.repository.checkpoints[key] === undefined) return;
  await context.save(async (tx) => {
    if (list !== null) await clearListed(tx, context.repository.id, list);
    await context.saveCheckpoint(tx, key, null);
  });
}
