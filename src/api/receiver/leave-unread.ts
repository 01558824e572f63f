import type { FastifyRequest } from 'fastify';

/** So much is read and thrown away, so that the connection can continue. */
const SHORT_BYTES = 64 * 1024;
/** A sender has so long to read the answer: closed at once, it would see its connection break instead. */
const LINGER_MS = 1000;

/**
 * For an answer that does without the body: Node would read all of it, to throw it away. A long one is left where
 * it is, in the kernel's buffers and at the sender, and the connection closed a moment after.
 */
export function leaveUnread(request: FastifyRequest): void {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (Number.isNaN(length) ? request.headers['transfer-encoding'] === undefined : length <= SHORT_BYTES)
    return;
  const { raw } = request;
  // Node throws away, when the answer is sent, what nobody has begun to read.
  raw.read(0);
  setTimeout(() => raw.destroy(), LINGER_MS).unref();
}
