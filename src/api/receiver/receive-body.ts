import type { IncomingMessage } from 'node:http';
import { SyncError } from '../../errors.ts';
import { createBodyBudget, type BodyShare } from './body-budget.ts';
import { freeBuffers } from './free-buffers.ts';

/** GitHub never sends more: https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap */
export const MAX_DELIVERY_BYTES = 25 * 1024 * 1024;

/** A usual delivery has 10 to 30 kB. Such bodies have memory of their own: large ones do not hold them up. */
const SMALL_BYTES = 256 * 1024;
const SMALL_BUDGET_BYTES = 8 * 1024 * 1024;
/** One of the largest and some others. The whole process stays below 250 MiB with both, whoever sends what. */
const LARGE_BUDGET_BYTES = 32 * 1024 * 1024;

/** A body as it came, in pieces: it is put together only once its signature is known to be right. */
export interface ReceivedBody {
  chunks: readonly Buffer[];
  /** It is known to be GitHub's: it is not rejected any more. */
  keep: () => void;
  /** Gives its memory back. */
  close: () => void;
}

/**
 * Reads bodies within a budget over all connections; whoever gets a body closes its share.
 *
 * @throws SyncError PAYLOAD_TOO_LARGE over 25 MB, OVERLOADED when others wait and it does not come on, BAD_REQUEST
 *   when the sender goes away
 */
export function createBodyReceiver(): (stream: IncomingMessage) => Promise<ReceivedBody> {
  const small = createBodyBudget(SMALL_BUDGET_BYTES);
  const large = createBodyBudget(LARGE_BUDGET_BYTES);

  return (stream) =>
    new Promise((resolve, reject) => {
      const length = Number(stream.headers['content-length'] ?? MAX_DELIVERY_BYTES);
      const budget = length <= SMALL_BYTES ? small : large;
      const chunks: Buffer[] = [];
      let bytes = 0;
      let share: BodyShare | undefined;

      const stop = (error: SyncError): void => {
        stream.off('data', take).off('end', finish).off('error', cut).off('close', cut);
        freeBuffers(chunks);
        chunks.length = 0;
        budget.forget(turnAway);
        share?.close();
        reject(error);
      };
      const turnAway = (): void =>
        stop(new SyncError('OVERLOADED', 'too much is being received, and this body does not come on'));
      const cut = (): void => stop(new SyncError('BAD_REQUEST', 'the body was cut off'));
      const take = (chunk: Buffer): void => {
        bytes += chunk.length;
        if (bytes > MAX_DELIVERY_BYTES) {
          stop(new SyncError('PAYLOAD_TOO_LARGE', 'the body is too large'));
          return;
        }
        chunks.push(chunk);
        share?.advance();
      };
      const finish = (): void => {
        stream.off('data', take).off('error', cut).off('close', cut);
        const received = share;
        if (received === undefined) return;
        const close = (): void => {
          freeBuffers(chunks);
          chunks.length = 0;
          received.close();
        };
        resolve({ chunks, keep: () => received.keep(), close });
      };

      stream.once('error', cut).once('close', cut);
      const read = (admitted: BodyShare): void => {
        share = admitted;
        // It went away while it waited.
        if (stream.destroyed && !stream.readableEnded) cut();
        else stream.on('data', take).once('end', finish);
      };
      budget.admit(length, turnAway).then(read, reject);
    });
}
