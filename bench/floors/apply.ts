/**
 * Applies payloads of issues in one process: one upsert for each, several concurrently, the newer one wins. No inbox, no
 * order, no questions.
 */
import { json } from 'node:stream/consumers';
import { Pool } from 'pg';
import { z } from 'zod';

const issue = z.looseObject({
  id: z.number(),
  number: z.number(),
  title: z.string(),
  state: z.string(),
  updated_at: z.string(),
});
const { databaseUrl, bodies, width } = z
  .object({ databaseUrl: z.string(), bodies: z.array(z.string()), width: z.number() })
  .parse(await json(process.stdin));
const pool = new Pool({ connectionString: databaseUrl, max: width });
await pool.query('drop table if exists floor_issues');
await pool.query(`create table floor_issues (id bigint primary key, number int, title text, body text, state text,
  labels jsonb, updated_at timestamptz)`);
const begun = performance.now();
let at = 0;
await Promise.all(
  Array.from({ length: width }, async () => {
    for (let own = at++; own < bodies.length; own = at++) {
      const { id, number, title, body, state, labels, updated_at } = z
        .looseObject({ issue })
        .parse(JSON.parse(bodies[own] ?? '')).issue;
      await pool.query(
        `insert into floor_issues values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (id) do update set title = excluded.title, body = excluded.body, state = excluded.state,
           labels = excluded.labels, updated_at = excluded.updated_at
         where floor_issues.updated_at <= excluded.updated_at`,
        [id, number, title, body, state, JSON.stringify(labels), updated_at],
      );
    }
  }),
);
process.stdout.write(String(performance.now() - begun));
await pool.end();
