/**
 * Where people see what an API of GitHub's serves: `https://github.com`, or the host of an Enterprise Server
 * (`https://HOST/api/v3`). Undefined for any other base: nothing is known of its pages then.
 */
export function githubPages(apiUrl: string): string | undefined {
  const { hostname, origin, pathname } = new URL(apiUrl);
  if (hostname === 'api.github.com') return 'https://github.com';
  return pathname.replace(/\/+$/, '') === '/api/v3' ? origin : undefined;
}
