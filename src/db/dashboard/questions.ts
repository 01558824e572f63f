import { readdirSync, readFileSync } from 'node:fs';
import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** A question that the mirror can answer, with its query: a file in `src/db/questions`. */
export interface Question {
  slug: string;
  question: string;
  explanation: string;
  sql: string;
}

export interface Answer {
  columns: string[];
  rows: unknown[][];
  /** whether there are more rows than shown */
  truncated: boolean;
  milliseconds: number;
}

const FOLDER = new URL('../questions/', import.meta.url);
const MAX_ROWS = 200;
const TIMEOUT_MS = 5000;

/** Every question, in the order of the file names. */
export function loadQuestions(): Question[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const lines = readFileSync(new URL(file, FOLDER), 'utf8').trim().split('\n');
      const comments = lines.filter((line) => line.startsWith('-- ')).map((line) => line.slice(3));
      const query = lines.filter((line) => !line.startsWith('-- ')).join('\n');
      const slug = file.replace(/^\d+-/, '').replace(/\.sql$/, '');
      return { slug, question: comments[0] ?? slug, explanation: comments.slice(1).join(' '), sql: query };
    });
}

/** Answers a question in a transaction that can neither write nor run for longer than five seconds. */
export async function answerQuestion(db: Sql, question: Question): Promise<Answer> {
  const began = performance.now();
  const rows = await db
    .transaction()
    .setAccessMode('read only')
    .execute(async (tx) => {
      await sql`select set_config('statement_timeout', ${String(TIMEOUT_MS)}, true)`.execute(tx);
      const limited = sql<Record<string, unknown>>`
        select * from (${sql.raw(question.sql)}) as answer limit ${MAX_ROWS + 1}`;
      return (await limited.execute(tx)).rows;
    });
  const columns = Object.keys(rows[0] ?? {});
  return {
    columns,
    rows: rows.slice(0, MAX_ROWS).map((row) => columns.map((column) => row[column])),
    truncated: rows.length > MAX_ROWS,
    milliseconds: Math.round(performance.now() - began),
  };
}
