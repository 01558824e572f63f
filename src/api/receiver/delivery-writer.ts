import { setImmediate } from 'node:timers/promises';
import { isConnectionEnded } from '../../db/database-errors.ts';
import { POOL_SIZES } from '../../db/pool-sizes.ts';
import { withinDeadline } from '../../deadline.ts';
import { SyncError } from '../../errors.ts';
import type { NewDelivery } from '../../model.ts';

// One statement with many rows costs little more than with one; these limits keep it well below a second.
const MAX_ROWS = 200;
const MAX_BYTES = 16_000_000;
/** GitHub gives up after 10 s: by then it must have been told that the delivery is not durable. */
export const DELIVERY_DEADLINE_MS = 8000;

export interface DeliveryWriter {
  /**
   * Resolves once the delivery is committed, with true if its GUID is new.
   *
   * @throws SyncError DATABASE_UNAVAILABLE whatever the reason: then it is not known to be durable
   */
  write: (delivery: NewDelivery) => Promise<boolean>;
}

interface Waiting {
  delivery: NewDelivery;
  /** `performance.now()` */
  since: number;
  deferred: { resolve: (isNew: boolean) => void; reject: (error: unknown) => void };
}

/**
 * Concurrent deliveries share one insert: the first starts at once, and those that arrive meanwhile share the
 * next. No delivery waits for others.
 */
export function createDeliveryWriter(
  insert: (deliveries: readonly NewDelivery[]) => Promise<Set<string>>,
): DeliveryWriter {
  const queue: Waiting[] = [];
  let running = false;

  async function run(): Promise<void> {
    running = true;
    while (queue.length > 0) {
      rejectLate(queue);
      const batch = takeBatch(queue);
      if (batch.length === 0) break;
      try {
        const inserted = await withDeadline(insertOrAgain(batch.map(({ delivery }) => delivery)));
        for (const { delivery, deferred } of batch) {
          // If a batch contains a GUID twice, only the first is new.
          deferred.resolve(inserted.delete(delivery.guid));
        }
      } catch (error) {
        for (const { deferred } of batch) deferred.reject(error);
      }
    }
    running = false;
  }

  /**
   * Pooled connections may have been closed (a restart or failover of the server closes all of them): the
   * statement is then sent again on another connection, which may be closed as well. The GUID shows whether the
   * delivery was already stored.
   */
  async function insertOrAgain(deliveries: readonly NewDelivery[]): Promise<Set<string>> {
    for (let ended = 0; ; ended += 1) {
      try {
        return await insert(deliveries);
      } catch (error) {
        if (!isConnectionEnded(error) || ended === POOL_SIZES.api) throw error;
        // The pool drops the other closed connections as it notices them.
        await setImmediate();
      }
    }
  }

  return {
    write: (delivery) =>
      new Promise((resolve, reject) => {
        queue.push({ delivery, since: performance.now(), deferred: { resolve, reject } });
        if (!running) void run();
      }),
  };
}

/** Their senders gave up while others were being stored. */
function rejectLate(queue: Waiting[]): void {
  for (
    let [first] = queue;
    first && performance.now() - first.since > DELIVERY_DEADLINE_MS;
    [first] = queue
  ) {
    queue.shift()?.deferred.reject(notStored());
  }
}

function takeBatch(queue: Waiting[]): Waiting[] {
  let rows = 0;
  let bytes = 0;
  for (const { delivery } of queue) {
    bytes += delivery.payload.length;
    if (rows > 0 && (rows >= MAX_ROWS || bytes > MAX_BYTES)) break;
    rows += 1;
  }
  return queue.splice(0, rows);
}

async function withDeadline(inserting: Promise<Set<string>>): Promise<Set<string>> {
  try {
    return await withinDeadline(
      DELIVERY_DEADLINE_MS,
      inserting,
      () => new Error('the database did not answer in time'),
    );
  } catch (cause) {
    throw notStored(cause);
  }
}

function notStored(cause?: unknown): SyncError {
  return new SyncError('DATABASE_UNAVAILABLE', 'the delivery could not be stored', { cause });
}
