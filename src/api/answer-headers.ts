import type { FastifyInstance } from 'fastify';

/**
 * Sets the headers of every answer: browsers must not guess its type, and the API's answers are private and
 * change at any moment, so no cache may store them. A route that sets its own headers overrides these.
 */
export function setAnswerHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-content-type-options', 'nosniff');
    if (request.url.startsWith('/api/')) void reply.header('cache-control', 'no-store');
    done();
  });
}

/**
 * Whether the caller already has what this entity tag names: the header is `*` or a list of tags, compared weakly
 * (RFC 9110, 13.1.2). A proxy that compresses answers makes our tags weak (nginx with `gzip on`).
 *
 * @param header `If-None-Match`
 */
export function matchesEtag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, '')));
}
