import type { Mirror } from './mirror.ts';

export interface InboxRow {
  event: string;
  status: string;
  attempts: number;
  /** the first 18 characters of its code and message */
  error: string | null;
}

/** Every delivery, in the order in which they came. */
export function readInbox(mirror: Pick<Mirror, 'rows'>): Promise<InboxRow[]> {
  return mirror.rows<InboxRow>(
    `select event, status, attempts, left(error, 18) as error from webhook_deliveries order by received_at, guid`,
  );
}
