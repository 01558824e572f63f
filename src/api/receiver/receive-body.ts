import type { IncomingMessage } from 'node:http';
import { SyncError } from '../../errors.ts';
import { createBodyBudget, type BodyShare } from '../body-budget.ts';
import { freeBuffers } from './free-buffers.ts';

/** GitHub never sends more: https://docs.github.com/webhooks/webhook-events-and-payloads#payload-cap */
export const MAX_DELIVERY_BYTES = 25 * 1024 * 1024;

/**
 * A typical delivery has 10 to 30 kB. Such bodies have their own budget, so that large ones do not delay them.
 */
const SMALL_BYTES = 256 * 1024;
const SMALL_BUDGET_BYTES = 8 * 1024 * 1024;
/**
 * Room for one of the largest and some others. With both budgets the whole process stays below 250 MiB,
 * whatever is sent.
 */
const LARGE_BUDGET_BYTES = 32 * 1024 * 1024;

/** A body in pieces, as received: they are joined only after the signature was verified. */
export interface ReceivedBody {
  chunks: readonly Buffer[];
  /** The body is known to be GitHub's and will no longer be rejected. */
  keep: () => void;
  /** Releases its memory. */
  close: () => void;
}

/**
 * Reads bodies within a budget shared by all connections; whoever receives a body must release its share.
 *
 * @throws SyncError PAYLOAD_TOO_LARGE over 25 MB, OVERLOADED if others wait and it makes no progress,
 * BAD_REQUEST if the sender disconnects
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
        budget.forget(rejectBody);
        share?.close();
        reject(error);
      };
      const rejectBody = (): void =>
        stop(new SyncError('OVERLOADED', 'too much is being received, and this body arrives too slowly'));
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
        // The sender disconnected while waiting.
        if (stream.destroyed && !stream.readableEnded) cut();
        else stream.on('data', take).once('end', finish);
      };
      budget.admit(length, rejectBody).then(read, reject);
    });
}
