import { checkpointKeys } from '../../db/repository-sync/checkpoint-keys.ts';
import { storedBranches } from '../../db/rows/stored-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import { unlistedKeys } from '../../db/rows/entity-rows.ts';
import { clearListed } from '../../db/rows/listed-ids.ts';
import { recordListedNames, unlistedNames } from '../../db/rows/listed-names.ts';
import { branches as branchEntity, type BranchRow } from '../../entities/branches.ts';
import { SyncError } from '../../errors.ts';
import { atPage, currentCheckpoint } from '../checkpoints.ts';
import { TimeSliceExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { prepareWrite } from '../context/store-rows.ts';

/** How many are held before they are written; nearly all repositories have fewer. */
export const CHUNK_ROWS = 1000;
/** Its checkpoint, and the name under which the listed names are kept. */
const LIST = checkpointKeys.branches;

export interface ReadBranches {
  /** the head of the default branch, if it was listed */
  head: string | undefined;
  isEmpty: boolean;
  /** live branches here that were not listed */
  missing: string[];
  /** why something in the list could not be read */
  error: SyncError | null;
}

/**
 * Reads the list of branches and writes them, a long list in slices.
 *
 * @throws TimeSliceExpired between two pages; the next round continues there
 */
export async function readBranches(context: RepositoryContext): Promise<ReadBranches> {
  const { id, default_branch: defaultBranch, checkpoints } = context.repository;
  const saved = currentCheckpoint(checkpoints[LIST]);
  const began_at = saved?.began_at ?? new Date().toISOString();
  let error = saved?.error;
  let isInParts = saved !== undefined;
  let held = new Map<string, BranchRow>();
  const unreadable = new Set<string>();
  let head: string | undefined;

  async function flush(date: string, next: string | null): Promise<void> {
    const write = await prepareWrite(context, branchEntity, [...held.values()], date);
    const isFirstPart = next !== null && !isInParts;
    isInParts ||= next !== null;
    await context.save(async (tx) => {
      if (isFirstPart) await clearListed(tx, id, LIST);
      if (isInParts) await recordListedNames(tx, id, LIST, [...held.keys(), ...unreadable]);
      const checkpoint =
        next === null ? null : { ...atPage(next, began_at, 'list'), ...(error && { error }) };
      await context.saveCheckpoint(tx, LIST, checkpoint);
      return { branches: await write(tx) };
    });
    if (next !== null) held = new Map();
  }

  let date = new Date().toISOString();
  for await (const page of context.api.list(branchEntity, { from: saved?.url })) {
    if (page === null) break;
    ({ date } = page);
    for (const row of page.rows) held.set(row.name, row);
    for (const { name, reason } of page.unreadable) {
      if (name !== null) unreadable.add(name);
      error ??= { code: 'GITHUB_BAD_ANSWER', message: reason };
    }
    head ??= page.rows.find(({ name }) => name === defaultBranch)?.head_sha;
    const isStopped = page.next !== null && context.shouldYield();
    if (page.next !== null && (isStopped || held.size >= CHUNK_ROWS)) await flush(date, page.next);
    if (isStopped) throw new TimeSliceExpired();
  }
  await flush(date, null);
  const db = sqlOf(context.orm);
  const listed = [...held.keys(), ...unreadable];
  const missing = isInParts
    ? await unlistedNames(db, 'branches', id, LIST)
    : (await unlistedKeys(db, branchEntity, id, listed)).map(String);
  if (head === undefined && isInParts && !missing.includes(defaultBranch))
    head = (await storedBranches(db, id, [defaultBranch])).get(defaultBranch) ?? undefined;
  return {
    head,
    isEmpty: !isInParts && held.size === 0,
    missing,
    error: error === undefined ? null : new SyncError(error.code, error.message),
  };
}
