/** Where an Enterprise Server has its API: REST below `/api/v3`, GraphQL at `/api/graphql`. */
export const ENTERPRISE_BASE = '/api/v3';

/** The path as github.com would have it; `/_nowhere` for one that an Enterprise Server does not have. */
export function plainPath(url: string): string {
  if (url === '/api/graphql' || url.startsWith('/_sandbox')) return url.replace(/^\/api/, '');
  // What people see has no base.
  if (/^\/(settings|organizations|apps)\//.test(url)) return url;
  if (url === ENTERPRISE_BASE) return '/';
  return url.startsWith(`${ENTERPRISE_BASE}/`) ? url.slice(ENTERPRISE_BASE.length) : '/_nowhere';
}
