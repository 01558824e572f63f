import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { toFailure } from '../../src/activities/failure.ts';
import { sqlOf, type Orm } from '../../src/db/orm.ts';
import { createLogger } from '../../src/logger.ts';
import { reasonOf } from '../../src/process/reason-of.ts';
import { createTestDatabase, createTestOrm, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let orm: Orm;
beforeAll(async () => {
  database = await createTestDatabase();
  orm = createTestOrm(database.url, 1);
});
afterAll(async () => {
  await orm.close(true);
  await database.drop();
});

async function errorOf(work: () => Promise<unknown>): Promise<Error> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it did not fail');
}

/** All that is told of an error: in the log, to Temporal, and in words. */
function told(error: unknown): string {
  const lines: string[] = [];
  createLogger('test', 'info', { write: (line) => void lines.push(line) }).error({ err: error }, 'failed');
  const { message, stack } = toFailure(error);
  return [...lines, message, stack, reasonOf(error)].join('\n');
}

const statement = (text: string, value: string) => () =>
  sql`${sql.raw(text.split('?')[0] ?? '')}${value}${sql.raw(text.split('?')[1] ?? '')}`.execute(sqlOf(orm));

it.each([
  ['22P02', 'select ?::int'],
  ['22007', 'select ?::timestamptz'],
])('tells of an error with a value (%s, %s) its state and place, not the value', async (state, text) => {
  const error = await errorOf(statement(text, 'hidden\n    at hidden'));
  expect(error.message).toContain('hidden');
  for (const seen of [error, new Error(`a part failed: ${error.message}`, { cause: error })]) {
    expect(told(seen)).toContain(state);
    expect(told(seen)).not.toContain('hidden');
  }
  expect(told(await errorOf(() => orm.em.fork().execute(text, ['hidden'])))).not.toContain('hidden');
});

it('tells which constraint a row violates', async () => {
  const error = await errorOf(() =>
    sql`insert into installations (id, account_login) values (1, 'hidden')`.execute(sqlOf(orm)),
  );
  expect(JSON.stringify(error)).toContain('hidden');
  expect(told(error)).toContain('table installations, column account_id');
  expect(told(error)).not.toContain('hidden');
});

it('tells the message of an error that can quote no value, with its stack', async () => {
  const error = await errorOf(() => sql`select * from nowhere`.execute(sqlOf(orm)));
  expect(told(error)).toContain('relation \\"nowhere\\" does not exist');
  expect(told(error)).toContain('    at ');
});

it.each([
  ['XX001', 'invalid page in block 3 of relation base/5/16384'],
  ['54000', 'index row size 2800 exceeds btree version 4 maximum 2704 for index an_index'],
  ['3F000', 'schema nowhere does not exist'],
])('tells what is corrupt, too large or missing: %s, %s', async (state, message) => {
  const raised = `do $$ begin raise exception '${message}' using errcode = '${state}'; end $$`;
  const error = await errorOf(() => sql.raw(raised).execute(sqlOf(orm)));
  expect(reasonOf(error)).toBe(message);
});

it('tells of a text that is no JSON nothing of the text', async () => {
  const error = await errorOf(async () => JSON.parse('hidden'));
  expect(error.message).toContain('hidden');
  expect(told(error)).not.toContain('"hidden"');
});
