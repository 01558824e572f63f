import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { postDeliveries, type Delivery } from './post-deliveries.ts';
import type { Stack } from './stack.ts';

/**
 * Posts deliveries to the bare handler of `bench/floors/receive.ts`, in a process of its own.
 *
 * @param warmUp are posted before, so that it is measured as warm as the API is
 * @returns how many milliseconds it took until all were answered
 */
export async function postToBareHandler(
  { databaseUrl, github, pool }: Stack,
  warmUp: readonly Delivery[],
  deliveries: readonly Delivery[],
  width: number,
): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('floors/receive.ts', import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    child.stdin.end(JSON.stringify({ databaseUrl, secret: github.webhookSecret }));
    const [port] = await once(child.stdout, 'data');
    const url = `http://127.0.0.1:${Number(String(port))}/`;
    await postDeliveries(url, warmUp, { width });
    // What it has already would cost it nothing.
    await pool.query('truncate floor_deliveries');
    return (await postDeliveries(url, deliveries, { width })).ms;
  } finally {
    child.kill();
  }
}
