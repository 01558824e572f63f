import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { matchesEtag } from '../answer-headers.ts';
import { loadBuiltFiles, type BuiltFile } from './built-files.ts';

/**
 * The dashboard's pages may load only what comes from here: no inline script or style, no other host, no
 * framing.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** Addresses of screens: the page itself decides what they show. */
const screens = [
  '/',
  '/installations',
  '/installations/*',
  '/repositories',
  '/repositories/*',
  '/pull-requests',
  '/jobs',
  '/jobs/*',
  '/deliveries',
  '/deliveries/*',
  '/questions',
  '/questions/*',
];

const NOT_BUILT = `<!doctype html><html lang="en"><title>github-auto-sync</title>
<h1>The dashboard is not built</h1><p>Run <code>npm run build</code> and start again. The API answers: see <a href="/docs">/docs</a>.`;

/**
 * Serves the dashboard's files, as `npm run build` left them when the process started. They contain no mirrored
 * data, so they need no token: the page asks the API for all data, and the user for the token.
 */
export function registerStaticFiles(
  app: FastifyInstance,
): (request: FastifyRequest, reply: FastifyReply) => boolean {
  const files = loadBuiltFiles();
  const page = files?.get('index.html');

  function sendPage(request: FastifyRequest, reply: FastifyReply, status: number): FastifyReply {
    void reply.header('content-security-policy', POLICY).header('referrer-policy', 'same-origin');
    if (page === undefined) return reply.code(503).type('text/html; charset=utf-8').send(NOT_BUILT);
    return sendFile(page, 'no-cache', request, reply.code(status));
  }

  for (const url of screens) {
    app.route({
      method: 'GET',
      url,
      config: { access: 'browser' },
      schema: { hide: true },
      handler: (request, reply) => sendPage(request, reply, 200),
    });
  }
  for (const [path, file] of files ?? []) {
    if (path === 'index.html') continue;
    // The names of assets contain a hash of their content.
    const cache = path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    app.route({
      method: 'GET',
      url: `/${path}`,
      config: { access: 'browser' },
      schema: { hide: true },
      handler: (request, reply) => sendFile(file, cache, request, reply),
    });
  }

  return (request, reply) => {
    const isNavigation = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html');
    if (!isNavigation || request.url.startsWith('/api/')) return false;
    sendPage(request, reply, 404);
    return true;
  };
}

function sendFile(
  file: BuiltFile,
  cache: string,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  void reply.header('cache-control', cache).header('etag', file.etag).header('vary', 'accept-encoding');
  if (matchesEtag(request.headers['if-none-match'], file.etag)) return reply.code(304).send();
  void reply.type(file.type);
  if (!acceptsGzip(request.headers['accept-encoding'] ?? '') || file.gzipped === null)
    return reply.send(file.plain);
  return reply.header('content-encoding', 'gzip').send(file.gzipped);
}

/** `gzip;q=0` asks for anything but gzip (RFC 9110, 12.5.3). */
function acceptsGzip(encodings: string): boolean {
  return encodings.split(',').some((one) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(one));
}
