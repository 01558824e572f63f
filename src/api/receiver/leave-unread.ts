import type { FastifyReply, FastifyRequest } from 'fastify';
import { resetSoon } from '../../process/reset-soon.ts';

/** How much to read and discard so that the connection can continue. */
const SHORT_BYTES = 64 * 1024;

/**
 * For an answer that does not need the body, or the rest of it: Node would read and discard all of it. A long
 * body is left unread, and the connection is closed a moment later.
 */
export function leaveUnread(request: FastifyRequest, reply: FastifyReply): void {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (Number.isNaN(length) ? request.headers['transfer-encoding'] === undefined : length <= SHORT_BYTES)
    return;
  const { raw } = request;
  // When the answer is sent, Node discards a body that nobody has started to read, and closes the connection at
  // once if that is announced.
  raw.read(0);
  raw.pause();
  reply.removeHeader('connection');
  resetSoon(raw.socket);
}
