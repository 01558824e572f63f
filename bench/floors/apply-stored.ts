/**
 * Applies what `receive.ts` stores, side by side with it: looks every 10 ms, and upserts up to a hundred issues and marks
 * their deliveries in one statement. No order, no questions, no second attempt. Prints a line when it looks.
 */
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'pg';
import { z } from 'zod';

const delivery = z.object({
  issue: z.looseObject({
    id: z.number(),
    number: z.number(),
    title: z.string(),
    body: z.string().nullable(),
    state: z.string(),
    labels: z.array(z.unknown()),
    updated_at: z.string(),
  }),
});
const { databaseUrl } = z.object({ databaseUrl: z.string() }).parse(await json(process.stdin));
const pool = new Pool({ connectionString: databaseUrl, max: 1 });
process.stdout.write('looking\n');
for (;;) {
  const { rows } = await pool.query<{ guid: string; payload: unknown }>(
    'select guid, payload from floor_deliveries where not applied limit 100',
  );
  if (rows.length === 0) {
    await sleep(10);
    continue;
  }
  const issues = new Map<number, z.infer<typeof delivery>['issue']>();
  for (const { payload } of rows) {
    const { issue } = delivery.parse(payload);
    if (issue.updated_at >= (issues.get(issue.id)?.updated_at ?? '')) issues.set(issue.id, issue);
  }
  const newest = [...issues.values()];
  await pool.query(
    `with done as (update floor_deliveries set applied = true where guid = any($1::uuid[]))
     insert into floor_issues
     select * from unnest($2::bigint[], $3::int[], $4::text[], $5::text[], $6::text[], $7::jsonb[], $8::timestamptz[])
     on conflict (id) do update set title = excluded.title, body = excluded.body, state = excluded.state,
       labels = excluded.labels, updated_at = excluded.updated_at
     where floor_issues.updated_at <= excluded.updated_at`,
    [
      rows.map(({ guid }) => guid),
      newest.map(({ id }) => id),
      newest.map(({ number }) => number),
      newest.map(({ title }) => title),
      newest.map(({ body }) => body),
      newest.map(({ state }) => state),
      newest.map(({ labels }) => JSON.stringify(labels)),
      newest.map(({ updated_at }) => updated_at),
    ],
  );
}
