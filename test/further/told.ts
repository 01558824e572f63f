import type { Mirror } from '../support/mirror.ts';

/** What only a list can show again is looked for at most once an hour. */
export async function anHourPasses(mirror: Pick<Mirror, 'rows'>): Promise<void> {
  const year = new Date().getUTCFullYear();
  await mirror.rows(`update repository_sync
    set unread = replace(unread::text, '"met_at": "${year}', '"met_at": "${year - 1}')::jsonb`);
}

/** What is told of the repository `acme/app`. */
export async function toldOf(mirror: Pick<Mirror, 'rows'>): Promise<string | null | undefined> {
  const [repository] = await mirror.rows<{ code: string | null }>(
    `select split_part(sync_error, ':', 1) as code from repositories where full_name = 'acme/app'`,
  );
  return repository?.code;
}
