import { sql, type RawBuilder } from 'kysely';
import { sqlTypeOf } from '../../entities/columns.ts';
import type { Entity, EntityRow } from '../../entities/entity.ts';
import type { DeletedReason } from '../../entities/event-rule.ts';
import { isInFuture } from '../in-future.ts';
import type { Sql } from '../orm.ts';
import { eachKey } from '../each-key.ts';
import { entities } from '../../entities/index.ts';
import { recordCascaded } from './cascaded-rows.ts';
import { upsertRows, type TableShape } from './upsert-rows.ts';

/** The key of a row within its repository: GitHub's id, or the name of a branch or tag. */
export type RowKey = number | string;

/** A row of GitHub's as it is stored: its author is referred to by our own id. */
export type StorableRow<Row extends EntityRow = EntityRow> = Omit<Row, 'author' | 'parts'> & {
  repository_id: number;
  author_id?: number | null;
};

export interface StoredRow<Row> {
  row: Row;
  deleted: boolean;
}

/** Rows that were changed meanwhile are looked at again, as an update does. */
const LOCK = sql`for no key update`;

/** The key column within a repository. */
function keyColumn(entity: Entity): string {
  return entity.key.at(-1) ?? 'id';
}

function keyOf(entity: Entity, row: EntityRow): RowKey {
  const key = row[keyColumn(entity)];
  return typeof key === 'number' ? key : String(key);
}

/** The table of a kind, without the partial columns that `row` does not contain. */
function shapeOf(entity: Entity, row: EntityRow): TableShape<Record<string, unknown>> {
  const shown = Object.entries(entity.columns).filter(
    ([name]) => !entity.partial.includes(name) || row[name] !== undefined,
  );
  return {
    table: entity.name,
    key: entity.key,
    columns: {
      repository_id: 'bigint',
      ...Object.fromEntries(shown.map(([name, type]) => [name, sqlTypeOf(type)])),
      ...(entity.authored ? { author_id: 'bigint' } : {}),
      ...Object.fromEntries(filledColumns(entity).map((name) => [name, 'bigint'])),
      deleted_at: 'timestamptz',
      ...(entity.deletedReasons ? { deleted_reason: 'text' } : {}),
    },
  };
}

/**
 * Writes rows that GitHub has; a row marked as deleted becomes live again. A row that is newer than the given
 * one stays (a late payload, a stale replica), except with `force`, which is for the full comparison, or if its
 * time is in the future, because it would stay for ever. Columns that a row does not contain stay unchanged.
 *
 * @param changedIn adds up how many of them changed, per repository
 * @returns how many rows were inserted or changed
 */
export async function writeRows(
  tx: Sql,
  entity: Entity,
  rows: readonly StorableRow[],
  force = false,
  changedIn?: Map<number, number>,
): Promise<number> {
  const { clock } = entity;
  const guard =
    force || clock === null
      ? {}
      : {
          guard: sql`(${sql.ref(`excluded.${clock}`)} >= ${sql.ref(`t.${clock}`)}
            or ${isInFuture(`t.${clock}`)})`,
        };
  const shapes = Map.groupBy(rows, (row) =>
    entity.partial.filter((name) => row[name] !== undefined).join(' '),
  );
  let changed = 0;
  for (const alike of shapes.values()) {
    const options = { ...guard, ...(changedIn && { changedIn }) };
    // No given row has `deleted_at` or its reason, so both become null: the row is live.
    changed += await upsertRows(tx, shapeOf(entity, alike[0] ?? {}), alike, options);
  }
  return changed;
}

/**
 * Marks rows that GitHub no longer has; rows already marked keep when and why. Their children are marked too,
 * and references to them become null: both are counted at the end of the transaction (`withCascaded`).
 *
 * @returns the keys of those that were live until now
 */
export async function markRowsDeleted(
  tx: Sql,
  entity: Entity,
  repositoryId: number,
  keys: readonly RowKey[],
  reason: DeletedReason = 'deleted',
): Promise<RowKey[]> {
  if (keys.length === 0) return [];
  const why = entity.deletedReasons ? sql`, deleted_reason = ${reason}` : sql``;
  const live = sql`${eachIn(repositoryId, entity, keys, LOCK)} and deleted_at is null`;
  const { rows } = await sql<{ key: RowKey }>`update ${sql.table(entity.name)} set deleted_at = now()${why}
    where ${isAmong(repositoryId, entity, sql`select key from ${live}`)}
    returning ${sql.ref(keyColumn(entity))} as key`.execute(tx);
  const marked = rows.map(({ key }) => key);
  if (marked.length > 0) {
    await markChildrenDeleted(tx, entity, repositoryId, marked);
    await emptyReferences(tx, entity, repositoryId, marked);
  }
  return marked;
}

/**
 * Children of rows that GitHub no longer has are marked too; but not if they refer to their parent by a value
 * that a live one also has, such as a number that belonged to a deleted issue and now belongs to a pull
 * request.
 */
async function markChildrenDeleted(
  tx: Sql,
  entity: Entity,
  repositoryId: number,
  keys: readonly RowKey[],
): Promise<void> {
  const children = entities.flatMap((child) => {
    const parent = child.parents.find((one) => one.entity === entity.name);
    return parent === undefined ? [] : [{ child, parent }];
  });
  for (const [refersTo, alike] of Map.groupBy(children, ({ parent }) => parent.refersTo)) {
    // By the values themselves: joined without statistics, all children of the repository were read.
    const { rows } = await sql<{ value: number }>`
      select ${sql.ref(refersTo)} as value from ${eachIn(repositoryId, entity, keys)}`.execute(tx);
    const values = rows.map(({ value }) => value);
    for (const { child, parent } of alike) {
      const rivals = child.parents.map(
        (
          one,
        ) => sql`and not exists (select 1 from ${sql.table(one.entity)} p where p.repository_id = ${repositoryId}
          and p.deleted_at is null and ${sql.ref(`p.${one.refersTo}`)} = ${sql.ref(`found.${one.column}`)} offset 0)`,
      );
      // Numbers are those of a repository, and their indexes begin with it; ids are unique.
      const within = parent.refersTo === 'number' ? { repositoryId } : {};
      const options = { ...within, indexed: sql`deleted_at is null`, lock: LOCK };
      const orphaned = sql`${eachKey(child.name, [parent.column, 'bigint'], values, options)}
        where repository_id = ${repositoryId} ${sql.join(rivals, sql` `)}`;
      const result = await sql`update ${sql.table(child.name)} set deleted_at = now()
        where ${isAmong(repositoryId, child, sql`select ${sql.ref(keyColumn(child))} from ${orphaned}`)}`.execute(
        tx,
      );
      recordCascaded(tx, child.name, result.numAffectedRows);
    }
  }
}

/** References to rows that GitHub no longer has become null. */
export async function emptyReferences(
  tx: Sql,
  deleted: Entity,
  repositoryId: number,
  keys: readonly RowKey[],
): Promise<void> {
  for (const entity of entities) {
    for (const { column } of entity.references.filter((one) => one.entity === deleted.name)) {
      const type = columnType(deleted, keyColumn(deleted));
      const referring = eachKey(entity.name, [column, type], keys, { repositoryId, lock: LOCK });
      const result = await sql`update ${sql.table(entity.name)} set ${sql.ref(column)} = null
        where ${isAmong(repositoryId, entity, sql`select ${sql.ref(keyColumn(entity))} from ${referring}`)}`.execute(
        tx,
      );
      recordCascaded(tx, entity.name, result.numAffectedRows);
    }
  }
}

/** Rows from payloads and answers, which may be older than a deletion, without references to deleted rows. */
export async function withoutDeletedReferences<Row extends StorableRow>(
  db: Sql,
  entity: Entity,
  rows: readonly Row[],
): Promise<Row[]> {
  let cleared = [...rows];
  for (const { entity: table, column } of entity.references) {
    const named = cleared.flatMap((row) => row[column] ?? []);
    if (named.length === 0) continue;
    const { rows: deleted } = await sql<{ id: number }>`select id from ${sql.table(table)}
      where id = any(${named}::bigint[]) and deleted_at is not null`.execute(db);
    const ids = new Set<unknown>(deleted.map(({ id }) => id));
    cleared = cleared.map((row) => (ids.has(row[column]) ? { ...row, [column]: null } : row));
  }
  return cleared;
}

/** Stored rows in the shape of GitHub's, to be compared with payloads. */
export async function storedRows<Row extends EntityRow>(
  db: Sql,
  entity: Entity<string, Row>,
  repositoryId: number,
  keys: readonly RowKey[],
): Promise<Map<RowKey, StoredRow<Row>>> {
  // An id is unique over all of GitHub, a name only within its repository.
  if (!entity.key.includes('repository_id')) return storedRowsById(db, entity, keys);
  return readStored(db, entity, keys, sql`repository_id = ${repositoryId} and`);
}

/** The same for a kind whose rows have GitHub's ids, in any repository. */
export async function storedRowsById<Row extends EntityRow>(
  db: Sql,
  entity: Entity<string, Row>,
  ids: readonly RowKey[],
): Promise<Map<RowKey, StoredRow<Row>>> {
  return readStored(db, entity, ids, sql``);
}

async function readStored<Row extends EntityRow>(
  db: Sql,
  entity: Entity<string, Row>,
  keys: readonly RowKey[],
  within: RawBuilder<unknown>,
): Promise<Map<RowKey, StoredRow<Row>>> {
  if (keys.length === 0) return new Map();
  const columns = sql.join(Object.keys(entity.columns).map((name) => sql.ref(name)));
  const { rows } = await sql<Row & { was_deleted: boolean }>`
    select ${columns}, deleted_at is not null as was_deleted from ${sql.table(entity.name)}
    where ${within} ${isOneOf(entity, keys)}`.execute(db);
  return new Map(rows.map((row) => [keyOf(entity, row), { row, deleted: row.was_deleted }]));
}

export async function hasLiveRows(db: Sql, entity: Entity, repositoryId: number): Promise<boolean> {
  const { rows } = await sql`select 1 from ${sql.table(entity.name)}
    where repository_id = ${repositoryId} and deleted_at is null limit 1`.execute(db);
  return rows.length > 0;
}

/** The keys of live rows that a list does not contain. */
export async function unlistedKeys(
  db: Sql,
  entity: Entity,
  repositoryId: number,
  listed: readonly RowKey[],
): Promise<RowKey[]> {
  const key = sql.ref(keyColumn(entity));
  const { rows } = await sql<{ key: RowKey }>`select ${key} as key from ${sql.table(entity.name)}
    where repository_id = ${repositoryId} and deleted_at is null
      and not exists (select 1 from unnest(${listed}::${keyType(entity)}[]) as l(key) where l.key = ${key})
    order by 1`.execute(db);
  return rows.map((row) => row.key);
}

/** Columns that hold our own key of a parent, which GitHub's answer does not contain. */
function filledColumns(entity: Entity): string[] {
  return entity.parents.flatMap(({ fills }) => fills ?? []);
}

function isOneOf(entity: Entity, keys: readonly RowKey[]) {
  return sql`${sql.ref(keyColumn(entity))} = any(${keys}::${keyType(entity)}[])`;
}

/** What follows `from`, with `where`: `found`, those of these rows that a repository has. */
function eachIn(repositoryId: number, entity: Entity, keys: readonly RowKey[], lock = sql``) {
  const column = keyColumn(entity);
  const type = columnType(entity, column);
  const options = entity.key.includes('repository_id') ? { repositoryId, lock } : { lock };
  return sql`${eachKey(entity.name, [column, type], keys, options)} where repository_id = ${repositoryId}`;
}

/** By the key alone, or PostgreSQL would search for what else is asked of them. @param keys a `select` of them */
function isAmong(repositoryId: number, entity: Entity, keys: RawBuilder<unknown>) {
  const within = entity.key.includes('repository_id') ? sql`repository_id = ${repositoryId} and` : sql``;
  return sql`${within} ${sql.ref(keyColumn(entity))} = any(array(${keys}))`;
}

function keyType(entity: Entity) {
  return sql.raw(columnType(entity, keyColumn(entity)));
}

function columnType({ columns }: Entity, column: string): string {
  return sqlTypeOf(columns[column] ?? 'bigint');
}
