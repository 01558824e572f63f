import { createServer, STATUS_CODES, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { resetSoon } from './reset-soon.ts';

/** A request has arrived whole by then: GitHub itself gives a delivery up after 10 s. */
const REQUEST_MS = 10_000;
const HEADERS_MS = 5000;
/** Nothing moves on a connection for so long: longer than any answer takes (`?wait=true`: 50 s). */
const IDLE_MS = 75_000;

/** Connections at once. One that says nothing costs about 20 KB and is closed after HEADERS_MS. */
export const MAX_CONNECTIONS = 2000;

/** A connection whose requests were answered is kept for the next for so long. */
const KEEP_ALIVE_MS = 72_000;
/**
 * Requests of one connection that wait for their answers. Browsers and proxies send the next one after the answer to
 * the last; programs that measure a server send ten.
 */
const PIPELINED = 16;

/**
 * Bounds on every request to a server of ours, as Fastify's options. Fastify's own `requestTimeout` is set after
 * Node has made the server and then closes nothing, so the server is made here; it looks every second (30 s by itself).
 */
export const httpLimits = {
  requestTimeout: REQUEST_MS,
  serverFactory: createBoundedServer,
  clientErrorHandler: answerClientError,
} as const;

/**
 * A connection on which more requests come than may wait is cut off. All that are in what is read at once (1,700 in 64 KB)
 * would be answered in one turn of the event loop: a hundred such connections held it for 20 s.
 */
function createBoundedServer(answer: RequestListener): Server {
  const waiting = new WeakMap<Socket, number>();
  const options = {
    requestTimeout: REQUEST_MS,
    headersTimeout: HEADERS_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: 1000,
  };
  const server = createServer(options, (request, response) => {
    const { socket } = request;
    const before = waiting.get(socket) ?? 0;
    if (before >= PIPELINED) {
      socket.destroy();
      return;
    }
    waiting.set(socket, before + 1);
    response.once('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
    answer(request, response);
  });
  return server.setTimeout(IDLE_MS);
}

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
