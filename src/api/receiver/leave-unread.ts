import type { FastifyReply, FastifyRequest } from 'fastify';
import { resetSoon } from '../../process/reset-soon.ts';

/** So much is read and thrown away, so that the connection can continue. */
const SHORT_BYTES = 64 * 1024;

/**
 * For an answer that does without the body, or without its rest: Node would read all of it, to throw it away. A long one
 * is left where it is, and the connection cut off a moment after.
 */
export function leaveUnread(request: FastifyRequest, reply: FastifyReply): void {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (Number.isNaN(length) ? request.headers['transfer-encoding'] === undefined : length <= SHORT_BYTES)
    return;
  const { raw } = request;
  // Node throws away, when the answer is sent, what nobody has begun to read, and closes at once where that is announced.
  raw.read(0);
  raw.pause();
  reply.removeHeader('connection');
  resetSoon(raw.socket);
}
