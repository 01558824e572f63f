/**
 * Fetches the lists of repositories, several pages at a time, and upserts each page: no order, no checks, no history, no
 * second attempt. Nothing that fetches the same lists is much faster.
 */
import { json } from 'node:stream/consumers';
import { Pool } from 'pg';
import { z } from 'zod';

const input = z.object({
  url: z.string(),
  token: z.string(),
  databaseUrl: z.string(),
  width: z.number(),
  /** how many pages are known beforehand; null: each page names the next */
  lists: z.array(z.object({ path: z.string(), kind: z.string(), pages: z.number().nullable() })),
});
const element = z.looseObject({
  id: z.number().optional(),
  sha: z.string().optional(),
  name: z.string().optional(),
});

const { url, token, databaseUrl, width, lists } = input.parse(await json(process.stdin));
const pool = new Pool({ connectionString: databaseUrl, max: width });
await pool.query(`drop table if exists floor_rows`);
await pool.query(`create table floor_rows (kind text, repository text, key text, title text, body text, at text, other jsonb,
  primary key (kind, repository, key))`);
const begun = performance.now();

async function fetchPage(address: string, kind: string): Promise<string | undefined> {
  const answer = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const rows = z.array(element).parse(await answer.json());
  const repository = new URL(address).pathname.split('/').slice(1, 4).join('/');
  const texts = (read: (row: Record<string, unknown>) => unknown): string[] =>
    rows.map((row) => {
      const value = read(row);
      return typeof value === 'string' ? value.replaceAll('\0', '') : JSON.stringify(value ?? null);
    });
  await pool.query(
    `insert into floor_rows select $1, $2, * from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::jsonb[])
     on conflict (kind, repository, key) do update set title = excluded.title, body = excluded.body, at = excluded.at,
       other = excluded.other`,
    [
      kind,
      repository,
      rows.map((row) => String(row.sha ?? row.id ?? row.name)),
      texts((row) => row['title'] ?? row['name']),
      texts((row) => row['body'] ?? row['commit']),
      texts((row) => row['updated_at']),
      rows.map(({ state, labels, assignees, parents, number, head, base }) =>
        JSON.stringify({ state, labels, assignees, parents, number, head: refOf(head), base: refOf(base) }),
      ),
    ],
  );
  return /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1];
}

function refOf(side: unknown): unknown {
  return typeof side === 'object' && side !== null && 'ref' in side ? side.ref : undefined;
}

// Page by page where the number is known; else one list after another follows its links.
const jobs = lists.flatMap(({ path, kind, pages }) =>
  pages === null
    ? [{ path: `${url}${path}`, kind, follow: true }]
    : Array.from({ length: pages }, (_one, at) => ({
        path: `${url}${path}&page=${at + 1}`,
        kind,
        follow: false,
      })),
);
jobs.sort((a, b) => Number(b.follow) - Number(a.follow));
await Promise.all(
  Array.from({ length: width }, async () => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      let next = await fetchPage(job.path, job.kind);
      while (job.follow && next !== undefined) next = await fetchPage(next, job.kind);
    }
  }),
);
process.stdout.write(String(performance.now() - begun));
await pool.end();
