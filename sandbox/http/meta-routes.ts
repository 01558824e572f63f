/** About the API itself. */
import type { Answer, Call, Route } from './call.ts';
import { bucketOf, type Limits } from './limits.ts';

function meta(): Answer {
  return {
    body: {
      verifiable_password_authentication: false,
      hooks: ['127.0.0.0/8', '::1/128'],
      web: [],
      api: ['127.0.0.0/8', '::1/128'],
      git: [],
    },
  };
}

/** `GET /rate_limit` is free for the primary limit. Version 2026-03-10 has no top-level `rate`. */
function rateLimit(limits: Limits, { caller, version }: Call): Answer {
  const key = bucketOf(caller);
  const core = limits.read(key, 'core');
  const search = { limit: 30, remaining: 30, used: 0, reset: core.reset };
  const resources = { core, graphql: limits.read(key, 'graphql'), search };
  return { body: { resources, ...(version === '2022-11-28' && { rate: core }) } };
}

/** `GET /meta`, `/rate_limit` and the root. */
export function metaRoutes(limits: Limits): Route[] {
  return [
    { method: 'GET', path: '/meta', auth: 'any', handler: meta },
    {
      method: 'GET',
      path: '/rate_limit',
      auth: 'any',
      free: true,
      handler: (call) => rateLimit(limits, call),
    },
    {
      method: 'GET',
      path: '/',
      auth: 'any',
      handler: ({ context: { api } }) => ({
        body: {
          current_user_url: `${api}/user`,
          rate_limit_url: `${api}/rate_limit`,
          repository_url: `${api}/repos/{owner}/{repo}`,
        },
      }),
    },
  ];
}
