import { markRowsDeleted } from '../../db/rows/entity-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import { clearListed } from '../../db/rows/listed-ids.ts';
import { recordListedNames, unlistedNames } from '../../db/rows/listed-names.ts';
import { tags, type TagRow } from '../../entities/tags.ts';
import { SyncError } from '../../errors.ts';
import { MAX_TAGS } from '../../github/graphql/tag-refs.ts';
import type { Unreadable } from '../../github/pages/unreadable.ts';
import { resolveMissing } from '../listings/resolve-missing.ts';
import { holeError, isListDue } from '../listings/unread-elements.ts';
import type { RepositoryFacts } from '../repository/repository-facts.ts';
import type { RepositoryWriter } from '../repository/repository-writer.ts';
import { TimeSliceExpired } from '../repository/interruption.ts';
import type { RepositoryContext } from '../repository/repository-context.ts';
import { prepareWrite } from '../store-rows.ts';
import { rememberHole } from './compare-whole.ts';
import type { FurtherStep } from './further-step.ts';
import { isKnownEmpty } from './is-known-empty.ts';

/** Beyond that a reading that was interrupted, or that ended, is no longer one look at GitHub. */
const ONE_LOOK_MS = 3_600_000;
/** The list was read to its end; what it lacks is being asked for. */
const THROUGH = '';
/** Nothing of it was read yet; no cursor of GitHub's is one character. */
const BEGINNING = '-';

/** The checkpoints of a reading after a change, and of a complete comparison's. */
const CHECKPOINT = 'further tags';
const WHOLE_CHECKPOINT = 'further tags all';

/**
 * Tags: after each push, where the hourly question shows a change of them, and in every full comparison. Only GraphQL lists
 * them: where it answers nothing that can be read, they are read at the next comparison and hold up nothing until then.
 */
export const tagsStep: FurtherStep = {
  kinds: [tags],
  async compare(context, { full, missing, changed, hourly }) {
    const unread = context.repository.unread[tags.name] ?? [];
    const isLeft = context.repository.checkpoints[CHECKPOINT] !== undefined || isListDue(unread);
    if (!full && !isLeft && !changed.has('refs') && !hourly.has(tags.name)) {
      if (missing.size === 0 || (await isKnownEmpty(context, tags))) return holeError(unread);
    }
    try {
      return await compareTags(context, full);
    } catch (error) {
      if (!(error instanceof SyncError) || error.code !== 'GITHUB_BAD_ANSWER') throw error;
      if (full || missing.size > 0) return error;
      context.log.warn({ reason: error.message }, 'tags are left to the next comparison');
      return null;
    }
  },
};

/**
 * Makes the tags equal to GitHub's list of them, and to its word on each that the list lacks.
 *
 * @param full a further round of the same complete comparison does not read them again
 * @returns why some of it could not be read, or null
 * @throws TimeSliceExpired between two pages; the next round continues there
 */
export async function compareTags(context: RepositoryContext, full: boolean): Promise<SyncError | null> {
  const { id, checkpoints } = context.repository;
  const key = full ? WHOLE_CHECKPOINT : CHECKPOINT;
  const kept = checkpoints[key];
  const saved = kept !== undefined && Date.parse(kept.began_at) > Date.now() - ONE_LOOK_MS ? kept : undefined;
  if (saved?.target === 'done') return null;
  const unreadable = saved?.url === THROUGH ? [] : await readTags(context, key, saved);
  const missing = await unlistedNames(sqlOf(context.orm), 'tags', id, key);
  const error = await resolveMissing(missing, {
    ask: (names) => refetchByName(context, names),
    write: (verdicts) => writeTags(context, new Map(verdicts)),
    pause: () => {
      if (context.shouldYield()) throw new TimeSliceExpired();
    },
  });
  const [odd] = unreadable;
  const left = error ?? (odd === undefined ? null : new SyncError('GITHUB_BAD_ANSWER', odd.reason));
  const done = { url: THROUGH, began_at: new Date().toISOString(), target: 'done' };
  await context.save(async (tx) => {
    await clearListed(tx, id, key);
    await context.saveCheckpoint(tx, key, full && left === null ? done : null);
  });
  if (full && left === null) checkpoints[key] = done;
  else delete checkpoints[key];
  await rememberHole(context, tags.name, left);
  return left;
}

/** Reads the list from where an earlier round stopped; what of it could not be read. */
async function readTags(
  context: RepositoryContext,
  key: string,
  saved: { url: string; began_at: string } | undefined,
): Promise<Unreadable[]> {
  const { id, node_id: nodeId, checkpoints } = context.repository;
  const unreadable: Unreadable[] = [];
  const beganAt = saved?.began_at ?? new Date().toISOString();
  if (saved === undefined) {
    const begun = { url: BEGINNING, began_at: beganAt, target: 'list' };
    await context.save(async (tx) => {
      await clearListed(tx, id, key);
      await context.saveCheckpoint(tx, key, begun);
    });
    checkpoints[key] = begun;
  }
  const from = saved === undefined || saved.url === BEGINNING ? undefined : saved.url;
  for await (const page of context.api.listTags(nodeId, from)) {
    unreadable.push(...page.unreadable);
    const write = await prepareWrite(context, tags, page.rows, page.date);
    const checkpoint = { url: page.next ?? THROUGH, began_at: beganAt, target: 'list' };
    await context.save(async (tx) => {
      const changed = await write(tx);
      const names = [...page.rows, ...page.unreadable].flatMap(({ name }) => name ?? []);
      await recordListedNames(tx, id, key, names);
      await context.saveCheckpoint(tx, key, checkpoint);
      return { tags: changed };
    });
    checkpoints[key] = checkpoint;
    if (page.next !== null && context.shouldYield()) throw new TimeSliceExpired();
  }
  return unreadable;
}

/** GitHub's word on tags by their names. */
export async function refetchByName(context: RepositoryFacts, names: readonly string[]) {
  const found = new Map<string, TagRow | null>();
  for (let from = 0; from < names.length; from += MAX_TAGS) {
    const some = names.slice(from, from + MAX_TAGS);
    const answer = await context.api.findTags(context.repository.node_id, some);
    for (const [name, row] of answer.found) found.set(name, row);
  }
  return { verdicts: [...found], error: null };
}

/** Writes what GitHub says of tags, and marks those that it does not have. */
export async function writeTags(
  context: RepositoryFacts & RepositoryWriter,
  found: ReadonlyMap<string, TagRow | null>,
): Promise<void> {
  const { id } = context.repository;
  const there = [...found.values()].filter((row) => row !== null);
  const gone = [...found].flatMap(([name, row]) => (row === null ? [name] : []));
  const write = await prepareWrite(context, tags, there, new Date().toISOString());
  await context.save(async (tx) => {
    const marked = await markRowsDeleted(tx, tags, id, gone);
    return { tags: (await write(tx)) + marked.length };
  });
}
