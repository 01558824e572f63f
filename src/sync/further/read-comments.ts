import { clearListed, noteListed } from '../../db/writes/listed-ids.ts';
import type { NoPage } from '../../github/comment-api.ts';
import type { RowPage } from '../../github/row-page.ts';
import type { Unreadable } from '../../github/unreadable.ts';
import { OutOfTime, type RepositoryWork } from '../repository-work.ts';
import type { CommentKind, CommentRow } from './comment-kind.ts';
import { prepareComments } from './write-comments.ts';

/** Which comments are read, and how far that came is remembered by. */
export interface CommentReading {
  /** the checkpoint in `repository_sync.walks`: `further …` */
  walk: string;
  /** a reading that was interrupted goes on only for the same */
  target: string;
  /** where the ids that were met are kept, for `unlistedComments`; null: nowhere */
  list: string | null;
}

/** How a reading ended. */
export interface CommentsRead {
  /** GitHub's clock when it began */
  beganAt: string;
  /** false where GitHub did not show the list to its end: what it lacks is then no sign of an absence */
  whole: boolean;
  /** GitHub has the kind switched off */
  off: boolean;
  /** what is there and could not be read */
  unreadable: Unreadable[];
}

/** The address of a checkpoint whose list was read to its end, while what follows from it is under way. */
const THROUGH = '';

/**
 * Reads a list of comments to its end, page by page, each saved with where the reading goes on. Its checkpoint stays until
 * `forgetReading`, so that a further round does not read it again.
 *
 * @throws OutOfTime between two pages
 */
export async function readComments<Row extends CommentRow>(
  work: RepositoryWork,
  kind: CommentKind<Row>,
  { walk, target, list }: CommentReading,
  pages: (from: string | undefined) => AsyncGenerator<RowPage<Row> | NoPage>,
): Promise<CommentsRead> {
  const { walks, id } = work.repository;
  const saved = walks[walk]?.target === target ? walks[walk] : undefined;
  const read = {
    beganAt: saved?.began_at ?? '',
    whole: true,
    off: false,
    unreadable: [] as Unreadable[],
  };
  if (saved?.url === THROUGH) return read;
  if (list !== null && saved === undefined) {
    await work.save((tx) => clearListed(tx, id, list).then(() => ({})));
  }
  for await (const page of pages(saved?.url)) {
    if (typeof page === 'string') return { ...read, whole: false, off: page === 'off' };
    read.beganAt ||= page.date;
    read.unreadable.push(...page.unreadable);
    const write = await prepareComments(work, kind, page.rows, page.date);
    const met = [...page.rows, ...page.unreadable].flatMap((one) => one.id ?? []);
    const checkpoint = { url: page.next ?? THROUGH, began_at: read.beganAt, target };
    await work.save(async (tx) => {
      const changed = await write(tx);
      if (list !== null) await noteListed(tx, id, list, met);
      await work.saveWalk(tx, walk, checkpoint);
      return { [kind.name]: changed };
    });
    walks[walk] = checkpoint;
    if (page.next !== null && work.timeIsUp()) throw new OutOfTime();
  }
  return read;
}

/** Ends a reading and what followed from it. */
export async function forgetReading(
  work: RepositoryWork,
  { walk, list }: Pick<CommentReading, 'walk' | 'list'>,
): Promise<void> {
  if (work.repository.walks[walk] === undefined) return;
  await work.save(async (tx) => {
    if (list !== null) await clearListed(tx, work.repository.id, list);
    await work.saveWalk(tx, walk, null);
    return {};
  });
  delete work.repository.walks[walk];
}
