import { sql } from 'kysely';
import { isUnstorable } from '../database-errors.ts';
import type { NewDelivery } from '../../model.ts';
import type { Sql } from '../orm.ts';
import { encodeTextArray } from './text-array.ts';

/** Of payloads: those that arrive during one insert are usually a few hundred kilobytes. */
const MOST_COPIED_BYTES = 1_000_000;

/**
 * Makes deliveries durable in one statement; known GUIDs have no effect. A payload that `jsonb` rejects (nested
 * too deep, a number out of range) is stored as a JSON string of its text, which the worker then finds
 * unreadable.
 *
 * @returns the GUIDs that are new
 * @throws the driver's error; the deliveries may then have been stored or not
 */
export async function insertDeliveries(db: Sql, deliveries: readonly NewDelivery[]): Promise<Set<string>> {
  try {
    return await insert(db, deliveries);
  } catch (error) {
    const [first, ...others] = deliveries;
    if (first === undefined || !isUnstorable(error)) throw error;
    if (others.length === 0)
      return insert(db, [{ ...first, payload: Buffer.from(JSON.stringify(first.payload.toString())) }]);
    // One of them makes the statement fail for all: insert each separately.
    const inserted = new Set<string>();
    for (const delivery of deliveries) {
      for (const guid of await insertDeliveries(db, [delivery])) inserted.add(guid);
    }
    return inserted;
  }
}

async function insert(db: Sql, unsorted: readonly NewDelivery[]): Promise<Set<string>> {
  // In a fixed order: two processes that insert the same GUIDs in different orders would deadlock.
  const deliveries = unsorted.toSorted((a, b) => (a.guid < b.guid ? -1 : 1));
  // The rows become `jsonb` one by one: a cast of a parameter is executed while the statement is planned, and its result
  // copied several times.
  const result = await sql<{ guid: string }>`
    insert into webhook_deliveries
      (guid, event, action, installation_id, repository_id, status, processed_at, payload, recovered)
    select guid, event, action, installation_id, repository_id, status,
      case when status = 'ignored' then now() end, payload::jsonb, recovered
    from unnest(
      ${deliveries.map((delivery) => delivery.guid)}::uuid[],
      ${deliveries.map((delivery) => delivery.event)}::text[],
      ${deliveries.map((delivery) => delivery.action)}::text[],
      ${deliveries.map((delivery) => delivery.installationId)}::bigint[],
      ${deliveries.map((delivery) => delivery.repositoryId)}::bigint[],
      ${deliveries.map((delivery) => delivery.status)}::text[],
      ${textsOf(deliveries.map(({ payload }) => payload))},
      ${deliveries.map((delivery) => delivery.recovered ?? false)}::boolean[]
    ) as new (guid, event, action, installation_id, repository_id, status, payload, recovered)
    on conflict (guid) do nothing
    returning guid`.execute(db);
  return new Set(result.rows.map((row) => row.guid));
}

/**
 * Payloads as an array: one parameter, for which the driver's buffer grows once. Large ones are a parameter each, since
 * their copy in an array would stand beside them in memory.
 */
function textsOf(payloads: readonly Buffer[]) {
  const bytes = payloads.reduce((sum, { length }) => sum + length, 0);
  if (bytes <= MOST_COPIED_BYTES) return sql`${encodeTextArray(payloads)}::text[]`;
  return sql`array[${sql.join(payloads.map((payload) => sql`${payload}::text`))}]`;
}
