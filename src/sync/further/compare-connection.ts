import { checkpointKeys } from '../../db/repository-sync/checkpoint-keys.ts';
import { markRowsDeleted } from '../../db/rows/entity-rows.ts';
import { sqlOf } from '../../db/orm.ts';
import { clearListed } from '../../db/rows/listed-ids.ts';
import { recordListedNames, unlistedNames } from '../../db/rows/listed-names.ts';
import type { Entity } from '../../entities/entity.ts';
import { isUnusableAnswer, SyncError } from '../../errors.ts';
import { MAX_NAMES, type NamedRow } from '../../github/graphql/connections.ts';
import type { Unreadable } from '../../github/pages/unreadable.ts';
import { atPage, currentCheckpoint, done, DONE, isThrough } from '../checkpoints.ts';
import { chunks } from '../listings/in-chunks.ts';
import { resolveMissing, type Answers } from '../listings/resolve-missing.ts';
import { wholeListError, isListDue } from '../context/unread-elements.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { throwIfExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { prepareWrite } from '../context/store-rows.ts';
import { recordUnreadList } from './compare-whole.ts';
import { recordFailedList } from '../context/record-failed-list.ts';
import type { FurtherStep } from './further-step.ts';
import { isKnownEmpty } from './is-known-empty.ts';
import { readTwiceIfDoubtful, type ReadList } from './read-twice-if-doubtful.ts';

/** The cursor for "nothing read yet"; no cursor of GitHub's is one character long. */
const BEGINNING = '-';

/** A kind that only GraphQL lists, with its rows identified by name. */
export type NamedEntity<Row extends NamedRow = NamedRow> = Entity<string, Row>;

export function isConnection(entity: Entity): entity is NamedEntity {
  return entity.list.by === 'connection';
}

/** The checkpoint of a reading after a change, and that of a full comparison. */
function checkpointOf({ name }: Entity, full: boolean): string {
  return full ? checkpointKeys.furtherWhole(name) : checkpointKeys.further(name);
}

/**
 * A kind that only GraphQL lists: read after the kind that it changes with, if the hourly query shows a change,
 * and in every full comparison. If GraphQL gives no readable answer, the list is left to the next comparison
 * and delays nothing.
 */
export function connectionStep<Row extends NamedRow>(entity: NamedEntity<Row>): FurtherStep {
  return {
    kinds: [entity],
    list: entity,
    async compare(context, { full, missing, changed, hourly }) {
      const unread = context.repository.unread[entity.name] ?? [];
      const isBegun = context.repository.checkpoints[checkpointOf(entity, false)] !== undefined;
      const isChanged = hourly.has(entity.name) || entity.changesWith.some((name) => changed.has(name));
      if (!full && !isBegun && !isListDue(unread) && !isChanged) {
        if (missing.size === 0 || (await isKnownEmpty(context, entity))) return wholeListError(unread);
      }
      try {
        return await compareConnection(context, entity, full);
      } catch (error) {
        if (!(error instanceof SyncError) || error.code !== 'GITHUB_BAD_ANSWER') throw error;
        return recordFailedList(context, entity, error, null);
      }
    },
  };
}

/**
 * Makes the rows of a kind match GitHub's list, and GitHub's answer about each row that the list lacks. A list that
 * lacks existing rows, or is empty although GitHub counts some, is read once more.
 *
 * @param full a further round of the same full comparison does not read them again
 * @returns why some of it could not be read, or null
 * @throws TimeSliceExpired between two pages; the next round continues there
 */
export async function compareConnection<Row extends NamedRow>(
  context: RepositoryContext,
  entity: NamedEntity<Row>,
  full: boolean,
): Promise<SyncError | null> {
  const key = checkpointOf(entity, full);
  if (currentCheckpoint(context.repository.checkpoints[key])?.target === DONE) return null;
  const left = await readTwiceIfDoubtful(context, entity, () => readWhole(context, entity, key));
  const ended = full && left === null ? done() : null;
  if (ended !== null) await context.save((tx) => context.saveCheckpoint(tx, key, ended));
  await recordUnreadList(context, entity.name, left);
  return left;
}

async function readWhole<Row extends NamedRow>(
  context: RepositoryContext,
  entity: NamedEntity<Row>,
  key: string,
): Promise<ReadList> {
  const { id, checkpoints } = context.repository;
  const saved = currentCheckpoint(checkpoints[key]);
  const unreadable = isThrough(saved) ? [] : await readConnection(context, entity, key, saved);
  const missing = await unlistedNames(sqlOf(context.orm), entity.name, id, key);
  let lacking = 0;
  const unresolved = await resolveMissing(missing, {
    ask: (names) => refetchByName(context, entity, names),
    write: (verdicts) => {
      lacking += verdicts.filter(([, row]) => row !== null).length;
      return writeNamed(context, entity, new Map(verdicts));
    },
    pause: () => throwIfExpired(context),
  });
  await context.save(async (tx) => {
    await clearListed(tx, id, key);
    await context.saveCheckpoint(tx, key, null);
  });
  const [odd] = unreadable;
  const error = unresolved ?? (odd === undefined ? null : new SyncError('GITHUB_BAD_ANSWER', odd.reason));
  return { error, lacking: error === null ? lacking : 0 };
}

/** Reads the list from where an earlier round stopped; returns what could not be read. */
async function readConnection<Row extends NamedRow>(
  context: RepositoryContext,
  entity: NamedEntity<Row>,
  key: string,
  saved: { url: string; began_at: string } | undefined,
): Promise<Unreadable[]> {
  const { id, node_id: nodeId } = context.repository;
  const unreadable: Unreadable[] = [];
  const beganAt = saved?.began_at ?? new Date().toISOString();
  if (saved === undefined) {
    const begun = atPage(BEGINNING, beganAt, 'list');
    await context.save(async (tx) => {
      await clearListed(tx, id, key);
      await context.saveCheckpoint(tx, key, begun);
    });
  }
  const from = saved === undefined || saved.url === BEGINNING ? undefined : saved.url;
  for await (const page of context.api.listConnection(nodeId, entity, from)) {
    unreadable.push(...page.unreadable);
    const write = await prepareWrite(context, entity, page.rows, page.date);
    const checkpoint = atPage(page.next, beganAt, 'list');
    await context.save(async (tx) => {
      const changed = await write(tx);
      const names = [...page.rows, ...page.unreadable].flatMap(({ name }) => name ?? []);
      await recordListedNames(tx, id, key, names);
      await context.saveCheckpoint(tx, key, checkpoint);
      return { [entity.name]: changed };
    });
    if (page.next !== null) throwIfExpired(context);
  }
  return unreadable;
}

/**
 * A query that fails is repeated with a fifth of its names; after this many failures no smaller ones are sent.
 */
const SHRINK = 5;
const FAILED_AT_MOST = 8;

/** What GitHub says of rows by their names, and why some of them could not be requested. */
export async function refetchByName<Row extends NamedRow>(
  { api, repository }: RepositoryFacts,
  entity: NamedEntity<Row>,
  names: readonly string[],
): Promise<Answers<string, Row | null>> {
  const found = new Map<string, Row | null>();
  const queue = chunks(names, MAX_NAMES);
  let failed = 0;
  let reason: SyncError | null = null;
  for (let some = queue.shift(); some !== undefined && failed < FAILED_AT_MOST; some = queue.shift()) {
    try {
      const answer = await api.findByName(repository.node_id, entity, some, failed > 0);
      for (const [name, row] of answer.found) found.set(name, row);
    } catch (error) {
      if (!isUnusableAnswer(error)) throw error;
      failed += 1;
      reason ??= error;
      if (some.length > 1) queue.unshift(...chunks(some, Math.ceil(some.length / SHRINK)));
    }
  }
  if (reason !== null && found.size === 0) throw reason;
  return { verdicts: [...found], error: names.every((name) => found.has(name)) ? null : reason };
}

/** Writes what GitHub says of rows by their names, and marks those that it does not have. */
export async function writeNamed<Row extends NamedRow>(
  context: RepositoryFacts & RepositoryWriter,
  entity: NamedEntity<Row>,
  found: ReadonlyMap<string, Row | null>,
): Promise<void> {
  const { id } = context.repository;
  const there = [...found.values()].filter((row) => row !== null);
  const deleted = [...found].flatMap(([name, row]) => (row === null ? [name] : []));
  const write = await prepareWrite(context, entity, there, new Date().toISOString());
  await context.save(async (tx) => {
    const marked = await markRowsDeleted(tx, entity, id, deleted);
    return { [entity.name]: (await write(tx)) + marked.length };
  });
}
