import { startFloor, type RunningFloor } from './floor.ts';
import { postDeliveries, type Delivery, type Posted } from './post-deliveries.ts';
import { cpuSecondsOf } from './process-usage.ts';
import type { Stack } from './stack.ts';

/**
 * The bare handler of `bench/floors/receive.ts`, in a process of its own.
 *
 * @param sharesInserts whether deliveries that arrive during an insert share the next one
 */
export async function startBareHandler(
  { databaseUrl, github }: Stack,
  { sharesInserts }: { sharesInserts: boolean },
): Promise<RunningFloor & { url: string }> {
  const handler = await startFloor('receive', { databaseUrl, secret: github.webhookSecret, sharesInserts });
  return { ...handler, url: `http://127.0.0.1:${handler.printed}/` };
}

/**
 * Posts deliveries to the bare handler, which inserts each by itself.
 *
 * @param warmUp are posted before, so that it is measured as warm as the API is
 * @returns also its processor time and PostgreSQL's, in milliseconds
 */
export async function postToBareHandler(
  stack: Stack,
  warmUp: readonly Delivery[],
  deliveries: readonly Delivery[],
  options: Parameters<typeof postDeliveries>[2],
): Promise<Posted & { handler: number; postgres: number }> {
  const { url, pid, stop } = await startBareHandler(stack, { sharesInserts: false });
  try {
    await postDeliveries(url, warmUp, { width: options.width });
    // A delivery that it already has would cost it nothing.
    await stack.pool.query('truncate floor_deliveries');
    const before = { handler: cpuSecondsOf(pid), postgres: stack.cpu().postgres };
    const posted = await postDeliveries(url, deliveries, options);
    return {
      ...posted,
      handler: 1000 * (cpuSecondsOf(pid) - before.handler),
      postgres: 1000 * (stack.cpu().postgres - before.postgres),
    };
  } finally {
    await stop();
  }
}
