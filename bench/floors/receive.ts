/**
 * Checks a signature, inserts a row, answers: the least that makes a delivery durable. Those that arrive during an insert
 * share the next one if that is asked for. Prints its port when it listens.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { json } from 'node:stream/consumers';
import Fastify from 'fastify';
import { Pool } from 'pg';
import { z } from 'zod';

const { databaseUrl, secret, sharesInserts } = z
  .object({ databaseUrl: z.string(), secret: z.string(), sharesInserts: z.boolean() })
  .parse(await json(process.stdin));
const pool = new Pool({ connectionString: databaseUrl, max: 8 });
await pool.query(
  `create table if not exists floor_deliveries (guid uuid primary key, event text, payload jsonb,
    applied boolean not null default false)`,
);

interface Row {
  guid: unknown;
  event: unknown;
  payload: string;
}
const waiting: { row: Row; resolve: () => void; reject: (error: unknown) => void }[] = [];
let isInserting = false;

async function insert(rows: readonly Row[]): Promise<void> {
  const values = rows.map((_row, at) => `($${3 * at + 1}::uuid, $${3 * at + 2}, $${3 * at + 3}::jsonb)`);
  await pool.query(
    `insert into floor_deliveries (guid, event, payload) values ${values.join(', ')} on conflict do nothing`,
    rows.flatMap(({ guid, event, payload }) => [guid, event, payload]),
  );
}

async function insertTogether(): Promise<void> {
  isInserting = true;
  while (waiting.length > 0) {
    const batch = waiting.splice(0);
    try {
      await insert(batch.map(({ row }) => row));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
  isInserting = false;
}

const app = Fastify();
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => {
  done(null, body);
});
app.post<{ Body: Buffer }>('/', async (request, reply) => {
  const { body, headers } = request;
  const signature = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  const given = String(headers['x-hub-signature-256']);
  if (given.length !== signature.length || !timingSafeEqual(Buffer.from(given), Buffer.from(signature)))
    return reply.code(401).send();
  const row = {
    guid: headers['x-github-delivery'],
    event: headers['x-github-event'],
    payload: body.toString(),
  };
  if (sharesInserts)
    await new Promise<void>((resolve, reject) => {
      waiting.push({ row, resolve, reject });
      if (!isInserting) void insertTogether();
    });
  else await insert([row]);
  return reply.code(202).send();
});
await app.listen({ port: 0, host: '127.0.0.1' });
const address = app.server.address();
process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
