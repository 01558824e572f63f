import type { Socket } from 'node:net';

/** How long a sender has to read its answer: cut off at once, it would see a broken connection instead. */
const LINGER_MS = 1000;

/**
 * Closes a connection once its sender could read the answer. Nothing more is read meanwhile: what it sends
 * stays in the kernel's buffers and at the sender. A merely closed connection would stay open if the sender
 * reads nothing.
 */
export function resetSoon(socket: Socket): void {
  socket.pause();
  setTimeout(() => socket.resetAndDestroy(), LINGER_MS).unref();
}
