import { checkpointKeys } from '../../db/repository-sync/checkpoint-keys.ts';
import { sqlOf } from '../../db/orm.ts';
import { unlistedKeys } from '../../db/rows/entity-rows.ts';
import { branchProtection } from '../../db/rows/stored-rows.ts';
import { branches as branchEntity, type BranchRow } from '../../entities/branches.ts';
import { SyncError } from '../../errors.ts';
import { currentCheckpoint } from '../checkpoints.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { prepareWrite } from '../context/store-rows.ts';
import { orOwnError } from './own-error.ts';
import { CHUNK_ROWS, type ReadBranches } from './read-branches.ts';
import { oneByOne } from './resolve-missing.ts';

/** Beyond this many GitHub's one answer would be long (some 350 bytes for each), and it is held as a whole, as ours are. */
const MOST = 20_000;
/** As many branches as one page of GitHub's list contains at most. */
const PAGE = 100;

/**
 * Reads the branches of a repository that has many as Git refs, all of which GitHub shows in one answer, and as the list of
 * those that are protected, instead of a hundred per request.
 *
 * A branch that this list lacks although it is stored as protected or not at all is requested by its name: the list alone
 * does not prove that it is unprotected. So is one that this list alone shows: either answer may be the older.
 *
 * @returns null, with nothing written, if it would take as many requests as the list or too long an answer, if GitHub's answers
 * leave doubts, and in a full comparison
 */
export async function readBranchRefs(context: RepositoryContext): Promise<ReadBranches | null> {
  const { mode, orm, repository } = context;
  if (mode === 'full' || currentCheckpoint(repository.checkpoints[checkpointKeys.branches]) !== undefined)
    return null;
  const db = sqlOf(orm);
  const stored = await branchProtection(db, repository.id, MOST + 1);
  const guarded = [...stored.values()].filter(Boolean).length;
  const saved = pagesOf(stored.size) - 1 - pagesOf(guarded);
  if (saved <= 0 || stored.size > MOST) return null;
  const shown = await orOwnError(shownBranches(context, stored, saved));
  if (shown === null || shown instanceof SyncError) return null;
  const rows = [...shown.rows.values()];
  for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
    const write = await prepareWrite(context, branchEntity, rows.slice(from, from + CHUNK_ROWS), shown.date);
    await context.save(async (tx) => ({ branches: await write(tx) }));
  }
  const missing = await unlistedKeys(db, branchEntity, repository.id, [...shown.rows.keys()]);
  return {
    head: shown.rows.get(repository.default_branch)?.head_sha,
    isEmpty: false,
    missing: missing.map(String),
    error: null,
  };
}

/** Even an empty list takes a request. */
function pagesOf(rows: number): number {
  return Math.max(1, Math.ceil(rows / PAGE));
}

/**
 * @param stored live branches by name, and whether they are protected
 * @param most how many may be requested by name
 */
async function shownBranches(
  { api }: RepositoryContext,
  stored: ReadonlyMap<string, boolean>,
  most: number,
): Promise<{ rows: Map<string, BranchRow>; date: string } | null> {
  const [refs, guarded] = await Promise.all([api.branchRefs(), api.protectedBranches()]);
  if (refs === null || guarded === null) return null;
  const { heads, date } = refs;
  const rows = new Map(guarded.map((row) => [row.name, row]));
  const doubtful = [
    ...[...heads.keys()].filter((name) => !rows.has(name) && stored.get(name) !== false),
    ...[...rows.keys()].filter((name) => !heads.has(name)),
  ];
  if (doubtful.length > most) return null;
  for (const [name, sha] of heads) {
    rows.set(name, { name, head_sha: sha, protected: rows.has(name) });
  }
  const ask = oneByOne((name: string) => api.find(branchEntity, { name }));
  const { verdicts, error } = await ask(doubtful);
  if (error !== null) return null;
  for (const [name, found] of verdicts) {
    if (found.state === 'found') rows.set(name, found.row);
    else rows.delete(name);
  }
  return { rows, date };
}
