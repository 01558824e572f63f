import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';

const page = readFileSync(new URL('../landing-page.html', import.meta.url), 'utf8');

/** `GET /`: one page without any data of its own; it asks the API like everybody else. */
export function registerLanding(app: FastifyInstance): void {
  app.route({
    method: 'GET',
    url: '/',
    config: { door: 'page' },
    schema: { hide: true },
    handler: (_request, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .header(
          'content-security-policy',
          "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
        )
        .header('cache-control', 'no-cache')
        .send(page),
  });
}
