import type { Socket } from 'node:net';

/** A sender has so long to read its answer: cut off at once, it would see its connection break instead. */
const LINGER_MS = 1000;

/**
 * Cuts a connection off once its sender could read the answer. Nothing more is read of it meanwhile: what it sends stays
 * in the kernel's buffers and at the sender. Merely closed, it would stay open at a sender who reads nothing.
 */
export function resetSoon(socket: Socket): void {
  socket.pause();
  setTimeout(() => socket.resetAndDestroy(), LINGER_MS).unref();
}
