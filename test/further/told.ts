import { failuresAreEarlier } from '../support/failures-are-earlier.ts';
import type { Mirror } from '../support/mirror.ts';

/** What only a list can show again is looked for at most once an hour. */
export async function anHourPasses(mirror: Pick<Mirror, 'rows'>): Promise<void> {
  const year = new Date().getUTCFullYear();
  await mirror.rows(`update repository_sync
    set unread = replace(unread::text, '"met_at": "${year}', '"met_at": "${year - 1}')::jsonb`);
}

/** What is told of a repository. */
export async function toldOf(
  mirror: Pick<Mirror, 'rows'>,
  repo = 'acme/app',
): Promise<string | null | undefined> {
  const [repository] = await mirror.rows<{ code: string | null }>(
    `select split_part(sync_error, ':', 1) as code from repositories where full_name = '${repo}'`,
  );
  return repository?.code;
}

/**
 * Lets time pass between two sweeps: what could not be read was met this much earlier, and no change is so young that
 * another could be hidden behind it.
 */
export async function timePasses(mirror: Pick<Mirror, 'rows'>, ms: number): Promise<void> {
  const time = `interval '${ms / 1000} seconds'`;
  await mirror.rows(`update repository_sync set seen = jsonb_set(seen, '{asked_at}',
    to_jsonb(to_char(clock_timestamp() at time zone 'utc' + ${time}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))`);
  await failuresAreEarlier(mirror, ms);
}
