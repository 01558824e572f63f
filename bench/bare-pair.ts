import { startBareHandler } from './bare-handler.ts';
import { startFloor } from './floor.ts';
import { postDeliveries, type Delivery } from './post-deliveries.ts';
import { cpuSecondsOf } from './process-usage.ts';
import { percentile } from './results.ts';
import type { Stack } from './stack.ts';
import { until } from './until.ts';

/** In milliseconds. */
export interface PairFigures {
  /** until the rows of all were right */
  right: number;
  accepted: number;
  /** of the answers */
  p99: number;
  /** processor time */
  handler: number;
  applier: number;
  postgres: number;
}

/**
 * The least that does a storm's work in the storm's shape: the bare handler makes signed deliveries of issues durable, and
 * a process beside it applies what it finds stored (`bench/floors/receive.ts`, `apply-stored.ts`).
 *
 * @param warmUp are sent and applied before
 */
export async function runBarePair(
  stack: Stack,
  warmUp: readonly Delivery[],
  deliveries: readonly Delivery[],
  width: number,
): Promise<PairFigures> {
  const { pool, databaseUrl } = stack;
  await pool.query('drop table if exists floor_issues, floor_deliveries');
  await pool.query(`create table floor_issues (id bigint primary key, number int, title text, body text, state text,
    labels jsonb, updated_at timestamptz)`);
  const handler = await startBareHandler(stack, { sharesInserts: true });
  try {
    const applier = await startFloor('apply-stored', { databaseUrl });
    const store = async (sent: readonly Delivery[]) => {
      const begun = performance.now();
      const posting = postDeliveries(handler.url, sent, { width });
      const right = await until('all floor rows to be right', begun, async () => {
        const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from floor_issues');
        return rows[0]?.n === sent.length;
      });
      return { right, ...(await posting) };
    };
    const used = () => ({
      handler: cpuSecondsOf(handler.pid),
      applier: cpuSecondsOf(applier.pid),
      postgres: stack.cpu().postgres,
    });
    try {
      await store(warmUp);
      await pool.query('truncate floor_issues, floor_deliveries');
      const before = used();
      const { right, ms: accepted, each } = await store(deliveries);
      const after = used();
      return {
        right,
        accepted,
        p99: percentile(each, 0.99),
        handler: 1000 * (after.handler - before.handler),
        applier: 1000 * (after.applier - before.applier),
        postgres: 1000 * (after.postgres - before.postgres),
      };
    } finally {
      await applier.stop();
    }
  } finally {
    await handler.stop();
  }
}
