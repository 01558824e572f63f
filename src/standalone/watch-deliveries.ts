import { setTimeout as sleep } from 'node:timers/promises';
import { styleText } from 'node:util';
import { Client } from 'pg';
import { z } from 'zod';
import { databaseAddress } from '../database-address.ts';
import type { Print } from './print.ts';

const delivery = z.object({
  guid: z.string(),
  event: z.string(),
  action: z.string().nullable(),
  status: z.string(),
  error: z.string().nullable(),
  milliseconds: z.number().nullable(),
  recovered: z.boolean(),
  repository: z.string().nullable(),
  subject: z.string().nullable(),
});

type Delivery = z.output<typeof delivery>;

// Selects by time of arrival, with an overlap: concurrent inserts are not committed in order.
const ARRIVED = `
  select d.guid, d.event, d.action, d.status, d.error, d.recovered, coalesce(r.full_name, d.payload->'repository'->>'full_name') as repository,
         (extract(epoch from d.processed_at - d.received_at) * 1000)::float8 as milliseconds,
         coalesce('#' || (d.payload->'issue'->>'number') || ' ' || (d.payload->'issue'->>'title'),
                  '#' || (d.payload->'pull_request'->>'number') || ' ' || (d.payload->'pull_request'->>'title'),
                  d.payload->'head_commit'->>'message', d.payload->>'ref') as subject
  from webhook_deliveries d left join repositories r on r.id = d.repository_id
  where d.received_at > now() - interval '30 seconds' and d.received_at > $1 and d.status <> 'pending'
  order by d.received_at`;
const REMEMBERED = 10_000;

/** Prints one line per delivery as soon as it is applied, until `signal` fires. */
export async function watchDeliveries(databaseUrl: string, signal: AbortSignal, print: Print): Promise<void> {
  const since = new Date();
  const printed = new Set<string>();
  while (!signal.aborted) {
    const client = new Client(databaseAddress(databaseUrl));
    client.on('error', () => undefined); // the next query shows it
    try {
      await client.connect();
      while (!signal.aborted) {
        const { rows } = await client.query(ARRIVED, [since]);
        for (const row of z.array(delivery).parse(rows)) {
          if (printed.has(row.guid)) continue;
          printed.add(row.guid);
          print(deliveryLine(row));
        }
        while (printed.size > REMEMBERED) printed.delete([...printed][0] ?? '');
        await sleep(300, undefined, { signal }).catch(() => undefined);
      }
    } catch {
      await sleep(1_000, undefined, { signal }).catch(() => undefined); // the database is unavailable: try again
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** One delivery as a line: `issues opened  acme/api  #12 Crash on start  processed in 41 ms`. */
export function deliveryLine(row: Delivery): string {
  const name = [row.event, row.action].filter(Boolean).join(' ').padEnd(26);
  const about = [row.repository, firstLine(row.subject)].filter(Boolean).join('  ');
  const took = row.milliseconds === null ? '' : ` in ${Math.round(row.milliseconds)} ms`;
  const end = `${row.status}${took}${row.recovered ? ', recovered' : ''}${row.error ? `: ${row.error}` : ''}`;
  const colour = row.status === 'failed' ? 'red' : row.status === 'ignored' ? 'gray' : 'green';
  return `${styleText('cyan', name)} ${about}  ${styleText(colour, end)}`;
}

function firstLine(text: string | null): string {
  const line = (text ?? '').split('\n')[0] ?? '';
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
