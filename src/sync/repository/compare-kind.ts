import { checkpointKeys } from '../../db/repository-sync/checkpoint-keys.ts';
import type { UnreadElement } from '../../db/repository-sync/repository-state.ts';
import { SyncError } from '../../errors.ts';
import { currentCheckpoint, done } from '../checkpoints.ts';
import type { FailedLists } from '../context/failed-lists.ts';
import { recordFailedList } from '../context/record-failed-list.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { hasFailedLong, isUnlisted, saveUnreadOf, unreadError } from '../context/unread-elements.ts';
import type { ComparedKind } from '../listings/compare-list.ts';
import { REFS, type ProbedKind } from '../listings/find-changes.ts';
import { isKindRead } from './kinds-to-compare.ts';

interface ComparingKind {
  kind: ProbedKind;
  isDue: boolean;
  /** from when on its list is read; null: all of it */
  since: string | null;
  /** @param keep receives the error of a list beside which others are read */
  compare: (keep: FailedLists['keep']) => Promise<ComparedKind>;
}

export interface Ended extends ComparedKind {
  kind: ProbedKind;
  /** its list has failed as a whole for long */
  isUnlisted: boolean;
  /** nothing records what could not be read: the kind is read again as if it had changed */
  isForgotten: boolean;
}

/**
 * One kind of data, if it is to be compared; not being permitted to read it is a result as well. A list that fails is
 * recorded. At first that ends the round, which is soon repeated, because most failures are transient; once it has
 * lasted for longer, the list is left to the time when it is due again.
 */
export async function compareKind(
  context: RepositoryFacts & RepositoryWriter,
  failed: FailedLists,
  { kind, isDue, since, compare }: ComparingKind,
): Promise<Ended> {
  const before = context.repository.unread[kind] ?? [];
  if (!isDue) {
    const known = isKindRead(context, kind) ? before : [];
    const error = unreadError(kind, known);
    return { kind, off: false, error, isUnlisted: isUnlisted(known), isForgotten: false };
  }
  const hasFailed = hasFailedLong(before);
  const keep: FailedLists['keep'] = (error) =>
    hasFailed && !isGraphqlUnavailable(error) ? failed.check(error) : failed.keep(error);
  try {
    const compared = await skipIfDone(context, kind, () => compare(keep));
    await recordUnlisted(context, kind, compared.error, { since, before });
    return { kind, ...compared, isUnlisted: false, isForgotten: false };
  } catch (error) {
    if (error instanceof SyncError && isDenied(error))
      return { kind, off: false, error, isUnlisted: false, isForgotten: true };
    const kept = await keep(error);
    // Without GraphQL lists are read all the same.
    const isRecorded = !isGraphqlUnavailable(kept);
    if (isRecorded) await record(context, kind, kept, { since, before, unlisted: true });
    return { kind, off: false, error: kept, isUnlisted: hasFailed && isRecorded, isForgotten: !isRecorded };
  }
}

interface Reading {
  since: string | null;
  /** what was unread before it */
  before: readonly UnreadElement[];
  /** it failed as a whole */
  unlisted?: true;
}

/** Records why a kind whose list was read is incomplete, unless single elements of it are recorded. */
async function recordUnlisted(
  context: RepositoryFacts & RepositoryWriter,
  kind: ProbedKind,
  error: SyncError | null,
  reading: Reading,
): Promise<void> {
  const { repository } = context;
  const isKnown = (repository.unread[kind] ?? []).length > 0;
  if (error === null && kind === REFS && isKnown)
    await context.save((tx) => saveUnreadOf(tx, repository, kind, []));
  if (error === null || (kind !== REFS && error.code !== 'LIST_SHIFTED' && isKnown)) return;
  await record(context, kind, error, reading);
}

/** Records a failure since when it has lasted, although a part of the list that was read has ended the record. */
async function record(
  context: RepositoryFacts & RepositoryWriter,
  kind: ProbedKind,
  error: SyncError,
  { since, before, unlisted }: Reading,
): Promise<void> {
  const elements = (context.repository.unread[kind] ?? []).filter(({ number }) => number !== null);
  const list = before.filter(({ number }) => number === null);
  await recordFailedList(context, { name: kind, unlisted }, error, since, [...elements, ...list]);
}

/**
 * In a full comparison, a kind that an earlier round read to its end is not read again while the others need
 * further rounds: otherwise it would end only if all of them happened to end in the same round.
 */
async function skipIfDone(
  context: RepositoryFacts & RepositoryWriter,
  kind: string,
  compare: () => Promise<ComparedKind>,
): Promise<ComparedKind> {
  if (context.mode !== 'full') return compare();
  const name = checkpointKeys.done(kind);
  const known = currentCheckpoint(context.repository.checkpoints[name]);
  if (known !== undefined) {
    const { error, off = false } = known;
    return { off, error: error === undefined ? null : new SyncError(error.code, error.message) };
  }
  const began_at = new Date().toISOString();
  const ended = await compare();
  // A kind that could not be read in full is reported at the end of the round that finishes all of them.
  const error = ended.error && { error: { code: ended.error.code, message: ended.error.message } };
  await context.save(async (tx) => {
    await context.saveCheckpoint(tx, name, { ...done(began_at), off: ended.off, ...error });
  });
  return ended;
}

function isGraphqlUnavailable(error: unknown): boolean {
  return error instanceof SyncError && error.code === 'GRAPHQL_UNAVAILABLE';
}

export function isDenied(error: SyncError): boolean {
  return error.code === 'PERMISSION_MISSING';
}
