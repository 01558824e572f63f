import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from './stack.ts';

/** Checks every 10 ms until it is true; returns how many milliseconds after `since` that was. */
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

/** Whether this many repositories were compared with GitHub and nothing is left to fetch. */
export async function areImported({ pool }: Stack, repositories: number): Promise<boolean> {
  const { rows } = await pool.query<{ n: number }>(
    `select count(*)::int as n from repositories where sync_status = 'fresh' and last_synced_at is not null`,
  );
  return rows[0]?.n === repositories;
}

/** Whether nothing is queued and no job is running: what is measured has nothing else to wait for. */
export async function isQuiet({ pool }: Stack): Promise<boolean> {
  const { rows } = await pool.query<{ quiet: boolean }>(
    `select not exists (select from repository_sync where wanted_at is not null)
        and not exists (select from sync_jobs where status = 'running') as quiet`,
  );
  return rows[0]?.quiet ?? false;
}
