/** The HTTP server: every route under one pipeline, GraphQL and the control API beside it. */
import type { IncomingMessage } from 'node:http';
import Fastify, { type FastifyInstance } from 'fastify';
import { activityResource } from '../rest/activity.ts';
import { tokenRoutes } from '../rest/access-tokens.ts';
import { appRoutes } from '../rest/app.ts';
import { hookRoutes } from '../rest/app-hook.ts';
import { branchResource } from '../rest/branches.ts';
import { commitResource } from '../rest/commits.ts';
import { compareResource } from '../rest/compare.ts';
import { contributorResource } from '../rest/contributors.ts';
import { installationRepositoriesRoutes } from '../rest/installation-repositories.ts';
import { issueResource } from '../rest/issues.ts';
import { manifestRoutes } from '../rest/app-manifests.ts';
import { metaRoutes } from '../rest/meta.ts';
import { peopleRoutes } from '../rest/people.ts';
import { pullResource } from '../rest/pulls.ts';
import { repositoryResource } from '../rest/repository.ts';
import { issueCommentRoutes } from '../resources/issue-comments.ts';
import { milestoneRoutes } from '../resources/milestones-api.ts';
import { releaseRoutes } from '../resources/releases-api.ts';
import { reviewCommentRoutes } from '../resources/review-comments-api.ts';
import { reviewRequestRoutes } from '../resources/review-requests.ts';
import { reviewRoutes } from '../resources/reviews-api.ts';
import { tagRoutes } from '../resources/tags.ts';
import { registerPages } from '../web/pages.ts';
import type { Registrations } from '../web/register-app.ts';
import { plainPath } from './enterprise-paths.ts';
import { graphqlRoute } from './graphql-route.ts';
import { errorBody, HttpError, notFound } from './http-error.ts';
import type { Machine } from './machine.ts';
import { serve } from './pipeline.ts';
import { repositoryRoutes } from './repository-mount.ts';
import { render, send } from './respond.ts';

const REPOSITORY_RESOURCES = [
  ...repositoryResource,
  ...commitResource,
  ...compareResource,
  ...branchResource,
  ...issueResource,
  ...pullResource,
  ...contributorResource,
  ...activityResource,
  ...issueCommentRoutes,
  ...reviewRoutes,
  ...reviewCommentRoutes,
  ...reviewRequestRoutes,
  ...milestoneRoutes,
  ...tagRoutes,
  ...releaseRoutes,
];

/** A server with GitHub's REST API on it, at the paths of github.com or of an Enterprise Server; not listening yet. */
export function createServer(machine: Machine, enterprise: boolean): FastifyInstance {
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
  const now = () => machine.world.clock.wall();
  server.setErrorHandler((error, _request, reply) => {
    const known = error instanceof HttpError ? error : new HttpError(500, `Server Error: ${String(error)}`);
    return send(reply, render({ status: known.status, body: errorBody(known) }, null, now()));
  });
  server.setNotFoundHandler((_request, reply) =>
    send(reply, render({ status: 404, body: errorBody(notFound()) }, null, now())),
  );
  const registrations: Registrations = new Map();
  registerPages(server, machine, registrations);
  const routes = [
    ...appRoutes,
    ...tokenRoutes,
    ...hookRoutes(machine.hooks),
    ...installationRepositoriesRoutes,
    ...peopleRoutes,
    ...metaRoutes(machine.limits),
    ...manifestRoutes(machine, registrations),
    ...REPOSITORY_RESOURCES.flatMap(repositoryRoutes),
  ];
  for (const route of routes) {
    server.route({ method: route.method, url: route.path, handler: serve(machine, route, 'core') });
  }
  const graphql = graphqlRoute(machine);
  server.route({ method: 'POST', url: graphql.path, handler: serve(machine, graphql, 'graphql') });
  return server;
}
