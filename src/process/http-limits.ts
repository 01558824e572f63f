import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { resetSoon } from './reset-soon.ts';

/** A request has arrived whole by then: GitHub itself gives a delivery up after 10 s. */
const REQUEST_MS = 10_000;
const HEADERS_MS = 5000;
/** Nothing moves on a connection for so long: longer than any answer takes (`?wait=true`: 50 s). */
const IDLE_MS = 75_000;

/** Connections at once. One that says nothing costs about 20 KB and is closed after HEADERS_MS. */
export const MAX_CONNECTIONS = 2000;

/**
 * Bounds on every request to a server of ours, as Fastify's options. Fastify's own `requestTimeout` is set after
 * Node has made the server and then closes nothing, so Node gets the same bounds in `http`, and looks every
 * second (30 s by itself).
 */
export const httpLimits = {
  requestTimeout: REQUEST_MS,
  connectionTimeout: IDLE_MS,
  http: { requestTimeout: REQUEST_MS, headersTimeout: HEADERS_MS, connectionsCheckingInterval: 1000 },
  clientErrorHandler: answerClientError,
} as const;

const statuses: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/** Answers what is no request, or came too slowly, and cuts its connection off. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy(error);
    return;
  }
  const status = statuses[error.code ?? ''] ?? 400;
  socket.write(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
  );
  resetSoon(socket);
}
