import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { SyncError } from '../../errors.ts';
import { HANDLER_MS } from '../handler-limit.ts';
import { createBodyBudget, type BodyBudget, type BodyShare } from '../body-budget.ts';

/** Room for one of the largest payloads (25 MB) and some others, as for those that arrive. */
const BUDGET_BYTES = 32 * 1024 * 1024;
/**
 * Slower readers are rejected while others wait: 25 MB take four minutes at most. At GitHub's own speed two people whose
 * lines carry 1 MB/s would close each other in turn, each time they asked again.
 */
const LEAST_BYTES_PER_MS = 100;
/** How long a caller waits for its turn, besides the time limit of the answer, which would blame the database. */
const WAIT_MS = 5_000;
/** The time limit of such an answer: the database has as long as for any other. */
export const PAYLOAD_HANDLER_MS = WAIT_MS + HANDLER_MS;
/** How many bytes are sent at a time. */
const PIECE = 64 * 1024;

/** Sends an object with a payload. @throws SyncError OVERLOADED */
export type AnswerPayload = (
  reply: FastifyReply,
  shown: object,
  payload: { bytes: number; read: () => Promise<string> },
) => Promise<FastifyReply>;

/**
 * Answers with payloads within a budget shared by all callers. A payload is in memory until its caller has taken
 * it, and sixty who do not would otherwise fill a container of 512 MB.
 */
export function createPayloadAnswers(): AnswerPayload {
  const budget = createBodyBudget(BUDGET_BYTES, { leastBytesPerMs: LEAST_BYTES_PER_MS });
  return async (reply, shown, { bytes, read }) => {
    const share = await admit(budget, reply, bytes);
    share.keep();
    // Its own text: up to 25 MB that need no parsing here. In bytes, which may be cut anywhere: the two halves of a
    // character beyond U+FFFF would each be sent as U+FFFD.
    const body = Buffer.from(`${JSON.stringify(shown).slice(0, -1)},"payload":${await read()}}`);
    share.begin();
    return reply
      .type('application/json; charset=utf-8')
      .header('content-length', body.length)
      .send(Readable.from(pieces(body, share)));
  };
}

function admit(budget: BodyBudget, reply: FastifyReply, bytes: number): Promise<BodyShare> {
  return new Promise((resolve, reject) => {
    let share: BodyShare | undefined;
    const abandon = (): void => {
      if (share !== undefined) reply.raw.destroy();
      else reject(new SyncError('OVERLOADED', 'too many payloads are being read'));
    };
    const waited = setTimeout(() => {
      budget.forget(abandon);
      abandon();
    }, WAIT_MS);
    // Also after the time limit of the answer, and if the caller has gone.
    reply.raw.once('close', () => {
      clearTimeout(waited);
      budget.forget(abandon);
      share?.close();
    });
    const take = (admitted: BodyShare): void => {
      clearTimeout(waited);
      share = admitted;
      if (reply.raw.destroyed) share.close();
      resolve(share);
    };
    budget.admit(bytes, abandon).then(take, reject);
  });
}

function* pieces(body: Buffer, share: BodyShare): Generator<Buffer> {
  for (let from = 0; from < body.length; from += PIECE) {
    share.advance();
    yield body.subarray(from, from + PIECE);
  }
}
