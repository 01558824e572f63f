import type { FastifyInstance } from 'fastify';
import { SyncError } from '../../errors.ts';
import { isLocal } from '../../local-request.ts';
import { createSetup } from '../../setup/answer-setup.ts';

/**
 * Serves `/setup` while no real App is configured: `npm start`, which then runs with the sandbox, passes that
 * on. Answers only direct requests from this machine, whatever the token.
 *
 * @param folder where to write `.env`
 */
export function registerSetup(app: FastifyInstance, folder: string): void {
  const answer = createSetup({ folder });
  void app.register((scope: FastifyInstance, _options, done) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, parsed) => parsed(null, String(body)),
    );
    for (const url of ['/setup', '/setup/:step']) {
      scope.route({
        method: ['GET', 'POST'],
        url,
        config: { access: 'public' },
        schema: { hide: true },
        handler: async (request, reply) => {
          if (!isLocal(request.raw))
            throw new SyncError('UNAUTHORIZED', 'the set-up answers only direct requests from this machine');
          const page = await answer({
            method: request.method === 'HEAD' ? 'GET' : request.method,
            url: request.url,
            origin: `http://${request.headers.host ?? ''}`,
            form: new URLSearchParams(typeof request.body === 'string' ? request.body : ''),
          });
          if (page === null) throw new SyncError('NOT_FOUND', 'there is no such page');
          return reply
            .code(page.status)
            .headers({ 'cache-control': 'no-store', 'referrer-policy': 'same-origin' })
            .header('content-security-policy', page.policy)
            .type('text/html; charset=utf-8')
            .send(page.html);
        },
      });
    }
    done();
  });
}
