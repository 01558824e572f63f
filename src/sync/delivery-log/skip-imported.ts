import { hasDelivery, type DeliverySubject } from '../../db/system-state/delivery-log.ts';
import type { Sql } from '../../db/orm.ts';
import { canChangeRows, shapeOf } from '../../deliveries/events.ts';

/** What an entry of the delivery log shows of its delivery. */
export interface LoggedDelivery {
  delivered_at?: string | null | undefined;
  event: string | null;
  action: string | null;
  installation_id: number | null;
  repository_id: number | null;
}

/**
 * The lost deliveries that a database into which nothing was imported yet needs. An import reads everything later than
 * `before`, so of older deliveries only the newest of each repository, and of each installation as a whole, is needed: it
 * announces what is to be imported. (4,304 of 12 repositories cost as many requests, of the App's 5,000 an hour.) A delivery
 * without a date is needed.
 *
 * @param lost newest first, as in the log; earlier calls saw the newer ones, which are in the inbox
 * @param before so long ago that what it tells is shown by every answer of GitHub
 */
export async function skipImported<T extends LoggedDelivery>(
  db: Sql,
  lost: readonly T[],
  before: number,
): Promise<T[]> {
  const announced = new Set<string>();
  const needed: T[] = [];
  for (const entry of lost) {
    if (!(Date.parse(entry.delivered_at ?? '') < before)) {
      needed.push(entry);
    } else if (canChangeRows(entry.event ?? '', entry.action)) {
      const subject = subjectOf(entry);
      const key = JSON.stringify(subject);
      if (announced.has(key)) continue;
      announced.add(key);
      if (!(await hasDelivery(db, subject))) needed.push(entry);
    }
  }
  return needed;
}

function subjectOf({ event, repository_id, installation_id }: LoggedDelivery): DeliverySubject {
  const isOfInstallation = shapeOf(event ?? '')?.ofInstallation === true;
  return isOfInstallation || repository_id === null
    ? { repository_id: null, installation_id }
    : { repository_id, installation_id: null };
}
