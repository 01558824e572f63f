import { storedRows, unlistedKeys, type RowKey } from '../../db/rows/entity-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import { SyncError } from '../../errors.ts';
import type { Unreadable } from '../../github/pages/unreadable.ts';
import { readTwiceIfDoubtful, type ReadList } from './read-twice-if-doubtful.ts';
import { unreadOfWholeList, saveUnreadOf } from '../context/unread-elements.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import {
  prepareWhole,
  resolveMissingRows,
  resolveOrphanedParts,
  resolveParts,
  type WholeEntity,
} from './whole-rows.ts';

/**
 * Makes the rows of a kind, and those shown within them, match GitHub's list, and GitHub's answer about each
 * row that the list lacks. A list that lacks existing objects, or is empty although GitHub counts some, is read once
 * more.
 *
 * @returns why some of it could not be read, or null
 */
export async function compareWhole(
  context: RepositoryContext,
  entity: WholeEntity,
): Promise<SyncError | null> {
  const left = await readTwiceIfDoubtful(context, entity, () => readWhole(context, entity));
  await recordUnreadList(context, entity.name, left);
  return left;
}

async function readWhole(context: RepositoryContext, entity: WholeEntity): Promise<ReadList> {
  const listed = new Set<number>();
  const unreadable: Unreadable[] = [];
  let error: SyncError | null = null;
  for await (const page of context.api.list(entity)) {
    if (page === null) break;
    const rows = [...new Map(page.rows.map((row) => [row.id, row])).values()];
    const write = await prepareWhole(context, entity, rows, page.date);
    await context.save(write);
    error ??= await resolveParts(context, entity, rows);
    for (const { id } of rows) listed.add(id);
    for (const { id } of page.unreadable) if (id !== null) listed.add(id);
    unreadable.push(...page.unreadable);
  }
  const missing = await missingRows(context, entity, [...listed]);
  const unresolved = await resolveMissingRows(context, entity, missing);
  const orphaned = await resolveOrphanedParts(context, entity);
  const [odd] = unreadable;
  const left =
    unresolved ??
    error ??
    orphaned ??
    (odd === undefined ? null : new SyncError('GITHUB_BAD_ANSWER', odd.reason));
  const lacking =
    left !== null || missing.length === 0 ? [] : await missingRows(context, entity, [...listed]);
  return { error: left, lacking: lacking.length };
}

/** Why some of a list could not be read, until a reading succeeds; `isListDue` says when it is retried. */
export async function recordUnreadList(
  context: RepositoryFacts & RepositoryWriter,
  list: string,
  error: SyncError | null,
): Promise<void> {
  const known = context.repository.unread[list] ?? [];
  if (error === null && known.length === 0) return;
  await context.save((tx) => saveUnreadOf(tx, context.repository, list, unreadOfWholeList(error, known)));
}

async function missingRows(context: RepositoryFacts, entity: WholeEntity, listed: readonly RowKey[]) {
  const db = sqlOf(context.orm);
  const { id } = context.repository;
  const stored = await storedRows(db, entity, id, await unlistedKeys(db, entity, id, listed));
  return [...stored.values()].map(({ row }) => row);
}
