/** The HTTP server: every route under one pipeline, GraphQL and the control API beside it. */
import type { IncomingMessage } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import { tokenRoutes } from './resources/installations/token-routes.ts';
import { appRoutes } from './resources/installations/app-routes.ts';
import { hookRoutes } from './resources/installations/hook-routes.ts';
import { installationRepositoriesRoutes } from './resources/installations/installation-repositories-routes.ts';
import { manifestRoutes } from './web/manifest-routes.ts';
import { metaRoutes } from './http/meta-routes.ts';
import { peopleRoutes } from './resources/accounts/people-routes.ts';
import { resources } from './resources/index.ts';
import { registerPages } from './web/pages.ts';
import type { Registrations } from './web/register-app.ts';
import { plainPath } from './http/enterprise-paths.ts';
import { graphqlRoute } from './graphql/graphql-route.ts';
import { errorBody, HttpError, notFound } from './http/http-error.ts';
import type { SandboxParts } from './sandbox-parts.ts';
import { serve } from './http/pipeline.ts';
import { mountRepositoryRoute } from './http/mount-repository-route.ts';
import { render, send } from './http/respond.ts';

/** A server with GitHub's REST API on it, at the paths of github.com or of an Enterprise Server; not listening yet. */
export function createServer(sandbox: SandboxParts, enterprise: boolean): FastifyInstance {
  const server = Fastify({
    bodyLimit: 30 * 1024 * 1024,
    forceCloseConnections: true,
    rewriteUrl: ({ url = '' }: IncomingMessage) => (enterprise ? plainPath(url) : url),
    routerOptions: { maxParamLength: 1000 },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? {} : JSON.parse(String(body)));
    } catch {
      done(new HttpError(400, 'Problems parsing JSON'));
    }
  });
  const now = () => sandbox.world.clock.wall();
  server.setErrorHandler((error, _request, reply) => {
    const known = error instanceof HttpError ? error : new HttpError(500, `Server Error: ${String(error)}`);
    return send(reply, render({ status: known.status, body: errorBody(known) }, null, now()));
  });
  server.setNotFoundHandler((_request, reply) =>
    send(reply, render({ status: 404, body: errorBody(notFound()) }, null, now())),
  );
  const registrations: Registrations = new Map();
  registerPages(server, sandbox, registrations);
  const routes = [
    ...appRoutes,
    ...tokenRoutes,
    ...hookRoutes(sandbox.hooks),
    ...installationRepositoriesRoutes,
    ...peopleRoutes,
    ...metaRoutes(sandbox.limits),
    ...manifestRoutes(sandbox, registrations),
    ...resources.flatMap(({ routes: own = [] }) => own.flatMap(mountRepositoryRoute)),
  ];
  for (const route of routes) {
    server.route({ method: route.method, url: route.path, handler: serve(sandbox, route, 'core') });
  }
  const graphql = graphqlRoute(sandbox);
  server.route({ method: 'POST', url: graphql.path, handler: serve(sandbox, graphql, 'graphql') });
  return server;
}
