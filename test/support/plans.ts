import { sql } from 'kysely';
import { z } from 'zod';
import type { TestRows } from './rows.ts';

/** A node of a plan as `auto_explain` shows it, with what it really did. */
const node = z.object({
  'Actual Rows': z.number(),
  'Actual Loops': z.number(),
  'Rows Removed by Filter': z.number().default(0),
  'Rows Removed by Join Filter': z.number().default(0),
  get Plans() {
    return z.array(node).default([]);
  },
});
const pages = { 'Shared Hit Blocks': z.number(), 'Shared Read Blocks': z.number() };
const plan = z.object({ 'Query Text': z.string(), Plan: node.extend(pages) });

export interface Plans {
  /** The most rows that any node of any statement since the last call went through, and which statement that was. */
  most(): { rows: number; statement: string };
  /** How many pages the statements that match went through, since the last call of any of these. */
  pages(pattern: RegExp): number;
  /** The statements that match, since the last call of any of these. */
  matching(pattern: RegExp): string[];
}

/**
 * Watches how PostgreSQL carries statements out, with so little memory that sets of some thousand rows no longer fit:
 * what is quadratic at a hundred thousand rows in a default installation is so at some thousand here.
 */
export async function watchPlans(test: Pick<TestRows, 'orm' | 'db' | 'rows'>): Promise<Plans> {
  const pool = await test.orm.em.getConnection().getNativeClient();
  const name = (await test.rows<{ name: string }>('select current_database() as name'))[0]?.name ?? '';
  for (const [setting, value] of Object.entries({
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_analyze': 'on',
    'auto_explain.log_buffers': 'on',
    'auto_explain.log_timing': 'off',
    'auto_explain.log_format': 'json',
    'auto_explain.log_level': 'notice',
    work_mem: '64kB',
    jit: 'off',
    // A quadratic statement would not end within the test.
    statement_timeout: '10s',
  })) {
    await sql.raw(`alter database ${name} set ${setting} = '${value}'`).execute(test.db);
  }
  let seen: { rows: number; pages: number; statement: string }[] = [];
  pool.on('connect', (client) => {
    client.on('notice', ({ message = '' }) => {
      const [, json] = message.split(/plan:\n/);
      if (json === undefined) return;
      const { 'Query Text': statement, Plan } = plan.parse(JSON.parse(json));
      seen.push({
        rows: rowsOf(Plan),
        pages: Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks'],
        statement,
      });
    });
  });
  // Sessions from before have none of it: the one that this test has used so far ends.
  await sql`select pg_terminate_backend(pg_backend_pid())`.execute(test.db).catch(() => undefined);
  for (let tries = 1; ; tries += 1) {
    const alive = await test.rows('select 1').catch((error: unknown) => {
      if (tries === 50) throw error;
      return null;
    });
    if (alive !== null) break;
  }
  return {
    most() {
      const found = seen.toSorted((a, b) => b.rows - a.rows)[0];
      if (found === undefined) throw new Error('no plan was seen: is auto_explain there?');
      seen = [];
      return { rows: found.rows, statement: found.statement };
    },
    pages(pattern) {
      const found = seen.filter(({ statement }) => pattern.test(statement));
      seen = [];
      return found.reduce((sum, one) => sum + one.pages, 0);
    },
    matching(pattern) {
      const found = seen.map(({ statement }) => statement).filter((statement) => pattern.test(statement));
      seen = [];
      return found;
    },
  };
}

function rowsOf(one: z.infer<typeof node>): number {
  const removed = one['Rows Removed by Filter'] + one['Rows Removed by Join Filter'];
  const own = (one['Actual Rows'] + removed) * one['Actual Loops'];
  return Math.max(own, ...one.Plans.map(rowsOf));
}
