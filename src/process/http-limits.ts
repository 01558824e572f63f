import { randomUUID } from 'node:crypto';
import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import { resetSoon } from './reset-soon.ts';

/** A request must have arrived completely by then: GitHub itself gives up a delivery after 10 s. */
const REQUEST_MS = 10_000;
const HEADERS_MS = 5000;
/** How long a connection may be idle: longer than any answer takes (`?wait=true`: 50 s). */
const IDLE_MS = 75_000;

/** Concurrent connections. An idle one takes about 20 KB and is closed after HEADERS_MS. */
export const MAX_CONNECTIONS = 2000;

/** How long a connection is kept open for the next request. */
const KEEP_ALIVE_MS = 72_000;
/**
 * Requests of one connection that are waiting for their answers. Browsers and proxies send the next one after
 * the last answer; load generators send ten.
 */
const PIPELINED = 16;

/**
 * Limits on every request to one of our servers, as Fastify's options. Fastify's own `requestTimeout` is set
 * after Node has created the server and then closes nothing, so the server is created here; it checks every
 * second (the default is 30 s).
 */
export const httpLimits = {
  requestTimeout: REQUEST_MS,
  serverFactory: createBoundedServer,
  clientErrorHandler: answerClientError,
} as const;

/**
 * Closes a connection with too many waiting requests. All requests in one read (1,700 in 64 KB) would be
 * answered in one turn of the event loop: a hundred such connections blocked it for 20 s.
 */
function createBoundedServer(answer: RequestListener): Server {
  const waiting = new WeakMap<Socket, number>();
  const options = {
    requestTimeout: REQUEST_MS,
    headersTimeout: HEADERS_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: 1000,
    // Refused below: Node's own refusal has no body.
    requireHostHeader: false,
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
    // RFC 9112, 3.2
    if (request.headers.host === undefined && request.httpVersion === '1.1') {
      refuseRequest(response, 400, 'the header Host is missing');
    } else answer(request, response);
  });
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) =>
    refuseRequest(response, 417, 'the only expectation that is met is 100-continue'),
  );
  // Otherwise Node closes the connection without a word.
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    // Node no longer listens on such a connection: an error of it would end the process.
    socket.on('error', () => socket.destroy());
    refuse(socket, 400, 'this is no proxy: nothing is tunnelled');
  });
  return server.setTimeout(IDLE_MS);
}

/** What Node could not read as a request, by its error code. */
const refusals: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not arrive in time'],
  HPE_HEADER_OVERFLOW: [431, 'the path and the headers are too long'],
};

/** Answers invalid or slow requests. */
function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (!socket.writable) {
    socket.destroy(error);
    return;
  }
  refuse(socket, ...(refusals[error.code ?? ''] ?? ([400, 'this is no valid HTTP request'] as const)));
}

/** Answers a request, after those before it, like any other error, and closes the connection. */
function refuseRequest(response: ServerResponse, status: number, message: string): void {
  const { body, headers } = errorAnswer(message);
  response.writeHead(status, headers).end(body);
}

/** The same for what Node has not read as a request. */
function refuse(socket: Socket, status: number, message: string): void {
  const { body, headers } = errorAnswer(message);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.write([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n'));
  resetSoon(socket);
}

function errorAnswer(message: string) {
  const body = JSON.stringify({ code: 'BAD_REQUEST', message, requestId: randomUUID() });
  const headers = {
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
  };
  return { body, headers };
}
