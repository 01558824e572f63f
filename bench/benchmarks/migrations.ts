import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { migrate } from '../../src/db/migrate.ts';
import { createLogger } from '../../src/logger.ts';
import type { Bench, Benchmark, Figure } from '../benchmark.ts';
import type { Stack } from '../stack.ts';
import { ALL_KINDS, fillMirror, SIX_KINDS } from './full-mirror.ts';

const required =
  'repositories commits issues pull_requests contributors webhook_deliveries sync_jobs repository_sync'.split(
    ' ',
  );
const further = [...required, 'pull_request_reviews', 'issue_comments', 'pull_request_review_threads'];

/** What `npm run migrate` does to people who use the mirror meanwhile. */
export const migrations: Benchmark = {
  name: 'migrations',
  about:
    'a mirror of 10,000,000 commits, before further kinds, migrated while it is used; 20 to 60 minutes a run',
  run: (bench) => measure(bench, { schema: SIX_KINDS, tables: required }),
};

export const migrationsReviews: Benchmark = {
  name: 'migrations-reviews',
  about: 'the same with 3,000,000 reviews and 5,000,000 comments, before figures of reviews were kept',
  run: (bench) => measure(bench, { schema: ALL_KINDS, tables: further }),
};

interface Case {
  schema: typeof SIX_KINDS | typeof ALL_KINDS;
  tables: readonly string[];
}

async function measure(bench: Bench, { schema, tables }: Case): Promise<Figure[]> {
  const stack = await bench.openStack({ roles: [], schema });
  try {
    const size = {
      scale: { full: 10, small: 0.001 }[bench.size],
      repositories: { full: 10_000, small: 100 }[bench.size],
      installations: 10,
    };
    const begunFilling = performance.now();
    await fillMirror(stack.pool, schema, size);
    bench.print(`filled in ${Math.round((performance.now() - begunFilling) / 1000)} s`);
    const rows = await countRows(stack, tables);
    bench.print(`${rows.toLocaleString('en')} rows`);

    let isOver = false;
    const waits = tables.flatMap((table) => [
      longestWait(stack, { table, write: false }, () => isOver),
      longestWait(stack, { table, write: true }, () => isOver),
    ]);
    const begun = performance.now();
    await migrate(stack.databaseUrl, createLogger('migrate', 'warn'));
    const ms = performance.now() - begun;
    isOver = true;
    const measured = await Promise.all(waits);
    for (const { table, write, waitMs } of measured)
      bench.print(`${write ? 'write to' : 'read of'} ${table}: ${Math.round(waitMs)} ms at most`);
    const longest = (write: boolean) =>
      Math.max(...measured.filter((one) => one.write === write).map(({ waitMs }) => waitMs));
    return [
      { name: 'rows', value: rows, unit: '' },
      { name: 'until migrated', value: ms, unit: 'ms' },
      { name: 'longest read of a row', value: longest(false), unit: 'ms', target: '≤ 1000 ms' },
      { name: 'longest write of a row', value: longest(true), unit: 'ms', target: '≤ 1000 ms' },
    ];
  } finally {
    await stack.stop();
  }
}

async function countRows({ pool }: Stack, tables: readonly string[]): Promise<number> {
  const { rows } = await pool.query<{ n: number }>(
    'select sum(reltuples)::float8 as n from pg_class where oid = any ($1::text[]::regclass[])',
    [tables],
  );
  return rows[0]?.n ?? 0;
}

/** How long somebody who reads or writes one row of the table, in a transaction of its own, waits for it at most. */
async function longestWait(
  { databaseUrl }: Stack,
  { table, write }: { table: string; write: boolean },
  isOver: () => boolean,
) {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { column, keys } = await columnsOf(client, table);
    const { rows } = await client.query<unknown[]>({
      text: `select ${keys.map((key) => `${key}::text`).join(', ')} from ${table} limit 1`,
      rowMode: 'array',
    });
    // By its key: rows that a migration has left behind are not looked through.
    const row = keys.map((key, at) => `${key} = $${at + 1}`).join(' and ');
    const statement = write
      ? `update ${table} set ${column} = ${column} where ${row}`
      : `select ${column} from ${table} where ${row}`;
    let waitMs = 0;
    while (!isOver()) {
      const begun = performance.now();
      await client.query(statement, rows[0]);
      waitMs = Math.max(waitMs, performance.now() - begun);
      await sleep(50);
    }
    return { table, write, waitMs };
  } finally {
    await client.end();
  }
}

/** The columns of a table's primary key, and one that is none of them. */
async function columnsOf(client: Client, table: string): Promise<{ column: string; keys: string[] }> {
  const { rows } = await client.query<{ column: string; isKey: boolean }>(
    `select attname as column, attnum = any (indkey) as "isKey" from pg_attribute
     join pg_index on indrelid = attrelid and indisprimary
     where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
    [table],
  );
  return {
    column: rows.find(({ isKey }) => !isKey)?.column ?? '',
    keys: rows.filter(({ isKey }) => isKey).map(({ column }) => column),
  };
}
