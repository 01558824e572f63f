/** Checks a signature, inserts a row, answers: the least that makes a delivery durable. Prints its port when it listens. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { json } from 'node:stream/consumers';
import Fastify from 'fastify';
import { Pool } from 'pg';
import { z } from 'zod';

const { databaseUrl, secret } = z
  .object({ databaseUrl: z.string(), secret: z.string() })
  .parse(await json(process.stdin));
const pool = new Pool({ connectionString: databaseUrl, max: 8 });
await pool.query(
  'create table if not exists floor_deliveries (guid uuid primary key, event text, payload jsonb)',
);
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
  await pool.query('insert into floor_deliveries values ($1, $2, $3) on conflict do nothing', [
    headers['x-github-delivery'],
    headers['x-github-event'],
    body.toString(),
  ]);
  return reply.code(202).send();
});
await app.listen({ port: 0, host: '127.0.0.1' });
const address = app.server.address();
process.stdout.write(`${typeof address === 'object' && address !== null ? address.port : 0}\n`);
