import type { Pool, PoolClient } from 'pg';

/** Beside them the tables are small, or filled by the triggers of these. */
const LARGE =
  'commits issues pull_requests repository_contributors webhook_deliveries sync_jobs pull_request_reviews issue_comments pull_request_review_threads'.split(
    ' ',
  );

/** Room for the indexes of ten million rows, which are built by sorting; and fewer checkpoints meanwhile. */
const SESSION = `set maintenance_work_mem = '1GB'; set work_mem = '256MB'; set synchronous_commit = off`;

/**
 * Fills large tables without their indexes and constraints, which are built again afterwards as they were: row by row, into
 * indexes larger than memory, 40 million rows took more than an hour. Triggers stay, so that what they keep is right.
 *
 * @param statements run one by one
 * @throws Error of PostgreSQL; the database is then to be thrown away
 */
export async function fillWithoutIndexes(pool: Pool, statements: readonly string[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(SESSION);
    const { drop, build } = await indexesOf(client);
    for (const statement of [...drop, ...statements, ...build]) await client.query(statement);
    await client.query('reset all');
  } finally {
    client.release();
  }
}

/** Keys that others refer to are dropped after what refers to them, and built before it. */
async function indexesOf(client: PoolClient): Promise<{ drop: string[]; build: string[] }> {
  const { rows: constraints } = await client.query<{ drop: string; build: string }>(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as build
     from pg_constraint where contype in ('p', 'u', 'f') and (conrelid = any ($1) or confrelid = any ($1))
     order by contype = 'f' desc, conrelid, conname`,
    [await oidsOf(client)],
  );
  const { rows: indexes } = await client.query<{ drop: string; build: string }>(
    `select format('drop index %s', indexrelid::regclass) as drop, pg_get_indexdef(indexrelid) as build
     from pg_index where indrelid = any ($1)
       and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))
     order by indrelid, indexrelid`,
    [await oidsOf(client)],
  );
  return {
    drop: [...constraints, ...indexes].map((one) => one.drop),
    build: [...indexes, ...constraints.toReversed()].map((one) => one.build),
  };
}

async function oidsOf(client: PoolClient): Promise<number[]> {
  const { rows } = await client.query<{ oid: number }>(
    `select oid::int from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' and relname = any ($1)`,
    [LARGE],
  );
  return rows.map(({ oid }) => oid);
}
