import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOf } from './process-command.ts';
import type { Print } from './print.ts';

/**
 * Stops a server that a killed start left running on this cluster, and removes the pid file of one that has
 * ended: PostgreSQL refuses to start if any process has that id by now.
 */
export async function endStalePostgres(cluster: string, print: Print): Promise<void> {
  const file = join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  const isOurs = (): boolean => commandOf(pid)?.includes(cluster) ?? false;
  if (isOurs()) {
    print(`PostgreSQL: stopping a server of an earlier start (process ${pid})`);
    process.kill(pid, 'SIGINT');
    for (let waited = 0; isOurs() && waited < 60_000; waited += 100) await sleep(100);
    if (isOurs())
      throw new Error(`PostgreSQL of an earlier start (process ${pid}) does not end; end it by hand`);
  }
  rmSync(file, { force: true });
}
