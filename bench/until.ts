import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from './stack.ts';

/** Looks every 10 ms until it is so; gives how many milliseconds after `since` that was. */
export async function until(
  what: string,
  since: number,
  isSo: () => Promise<boolean>,
  limitMs = 900_000,
): Promise<number> {
  while (!(await isSo())) {
    if (performance.now() - since > limitMs) throw new Error(`waited ${limitMs} ms in vain for ${what}`);
    await sleep(10);
  }
  return performance.now() - since;
}

/** Whether so many repositories were compared with GitHub and nothing is left to fetch. */
export async function areImported({ pool }: Stack, repositories: number): Promise<boolean> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from repositories where sync_status = 'fresh' and last_synced_at is not null`,
  );
  return rows[0]?.n === repositories;
}
