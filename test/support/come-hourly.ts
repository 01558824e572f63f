import type { Mirror } from './mirror.ts';

/** Lets the hourly question be due at the next sweep. */
export async function comeHourly(mirror: Mirror): Promise<void> {
  await mirror.rows(
    `update repository_sync set wide_latest = jsonb_set(wide_latest, '{asked_at}', '"2020-01-01T00:00:00Z"')`,
  );
}
