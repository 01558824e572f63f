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
} as const;
