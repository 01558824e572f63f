import { sqlOf, type Sql } from '../../db/orm.ts';
import { markRowsDeleted, storedRows, writeRows } from '../../db/rows/entity-rows.ts';
import { orphanedParts, unlistedParts } from '../../db/rows/parts.ts';
import type { Address, Entity, EntityRow, PartEntity } from '../../entities/entity.ts';
import { SyncError } from '../../errors.ts';
import type { Found } from '../../github/entity-api.ts';
import type { RowCounts } from '../../model.ts';
import { assertInReach } from '../listings/assert-in-reach.ts';
import { oneByOne, resolveMissing } from '../listings/resolve-missing.ts';
import type { RepositoryFacts } from '../context/repository-facts.ts';
import type { RepositoryWriter } from '../context/repository-writer.ts';
import { throwIfExpired } from '../context/interruption.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { storableRows } from '../context/store-rows.ts';

export type WholeRow = EntityRow & { id: number };
/** A kind with an id whose list is always read to its end. */
export type WholeEntity = Entity<string, WholeRow>;

/** Labels, milestones, releases, and other kinds with such a description. */
export function isWhole(entity: Entity): entity is WholeEntity {
  return entity.list.by === 'whole' && entity.columns['id'] !== undefined;
}

/** The kind that is shown within this one, if both are mirrored. */
function partsOf({ kinds }: RepositoryFacts, { parts }: WholeEntity): PartEntity | null {
  return parts !== null && kinds.has(parts.name) ? parts : null;
}

/**
 * Rows as GitHub shows them, with the rows within them, as a function for the transaction. In a full comparison
 * even newer rows are overwritten.
 *
 * @param date when GitHub answered with them
 */
export async function prepareWhole(
  context: RepositoryFacts & RepositoryWriter,
  entity: WholeEntity,
  rows: readonly WholeRow[],
  date: string,
  force = context.mode === 'full',
): Promise<(tx: Sql) => Promise<RowCounts>> {
  const parts = partsOf(context, entity);
  const own = await storableRows(context, entity, rows, date);
  const within =
    parts === null
      ? []
      : await storableRows(
          context,
          parts,
          rows.flatMap((row) => row.parts?.rows ?? []),
          date,
        );
  return async (tx) => ({
    [entity.name]: await writeRows(tx, entity, own, force),
    ...(parts === null ? {} : { [parts.name]: await writeRows(tx, parts, within, force) }),
  });
}

/**
 * Requests each live row that belongs to one of these and that GitHub did not show within it.
 *
 * @returns why some could not be requested, or could not be read where they were shown; else null
 * @throws TimeSliceExpired between two batches
 */
export async function resolveParts(
  context: RepositoryContext,
  entity: WholeEntity,
  rows: readonly WholeRow[],
): Promise<SyncError | null> {
  const parts = partsOf(context, entity);
  if (parts === null) return null;
  const unreadable = rows.flatMap((row) => row.parts?.unreadable ?? []);
  const shown = rows.flatMap((row) => row.parts?.rows ?? []).map(({ id }) => id);
  const db = sqlOf(context.orm);
  const { id: repositoryId } = context.repository;
  const parents = rows.map(({ id }) => id);
  const listed = [...shown, ...unreadable.flatMap((id) => id ?? [])];
  const missing = await unlistedParts(db, parts, repositoryId, parents, listed);
  const error = await resolveStored(context, parts, missing);
  if (error !== null || unreadable.length === 0) return error;
  return new SyncError('GITHUB_BAD_ANSWER', `one of the ${parts.label} cannot be read`);
}

/**
 * Requests each live row whose parent is not live: no list shows it. Call it after the list was read to its
 * end.
 *
 * @throws TimeSliceExpired between two batches
 */
export async function resolveOrphanedParts(
  context: RepositoryContext,
  entity: WholeEntity,
): Promise<SyncError | null> {
  const parts = partsOf(context, entity);
  if (parts === null) return null;
  const orphaned = await orphanedParts(sqlOf(context.orm), parts, context.repository.id);
  return resolveStored(context, parts, orphaned);
}

async function resolveStored(
  context: RepositoryContext,
  entity: WholeEntity,
  ids: readonly number[],
): Promise<SyncError | null> {
  const stored = await storedRows(sqlOf(context.orm), entity, context.repository.id, ids);
  return resolveMissingRows(
    context,
    entity,
    [...stored.values()].map(({ row }) => row),
  );
}

/**
 * Requests each of these rows, which a list lacks: existing ones are written, those that GitHub does not have
 * are marked.
 *
 * @returns the first error of those that could not be requested, or null
 * @throws TimeSliceExpired between two batches
 */
export function resolveMissingRows(
  context: RepositoryContext,
  entity: WholeEntity,
  missing: readonly WholeRow[],
): Promise<SyncError | null> {
  return resolveMissing<WholeRow, Found<WholeRow>>(missing, {
    ask: oneByOne((row) => context.api.find(entity, addressOf(row))),
    write: (found) => writeFound(context, entity, found),
    pause: () => throwIfExpired(context),
  });
}

/** How a single row's object is requested from GitHub. */
export function addressOf({ id, number, name }: WholeRow): Partial<Address> {
  return {
    id,
    ...(typeof number === 'number' ? { number } : {}),
    ...(typeof name === 'string' ? { name } : {}),
  };
}

/** Writes those that exist after all, and marks those that GitHub does not have. */
export async function writeFound(
  context: RepositoryFacts & RepositoryWriter,
  entity: WholeEntity,
  found: readonly (readonly [WholeRow, Found<WholeRow>])[],
): Promise<void> {
  const there: WholeRow[] = [];
  const deleted: number[] = [];
  let notFound = false;
  let date = new Date().toISOString();
  for (const [asked, answer] of found) {
    // Its name may belong to another object by now: then GitHub does not have this one.
    if (answer.state === 'found' && answer.row.id === asked.id) {
      there.push({ ...answer.row, ...belonging(entity, asked) });
      ({ date } = answer);
    } else if (answer.state !== 'disabled') {
      deleted.push(asked.id);
      notFound ||= answer.state === 'not_found';
    }
  }
  if (notFound) await assertInReach(context);
  const write = await prepareWhole(context, entity, there, date);
  await context.save(async (tx) => {
    const marked = await markRowsDeleted(tx, entity, context.repository.id, deleted);
    const counts = await write(tx);
    return { ...counts, [entity.name]: (counts[entity.name] ?? 0) + marked.length };
  });
}

/** A row's known parent, which GitHub's answer about a single object does not show. */
function belonging({ list, parents }: WholeEntity, row: WholeRow): EntityRow {
  if (list.by !== 'within-parent') return {};
  return Object.fromEntries(parents.map(({ column }) => [column, row[column]]));
}
