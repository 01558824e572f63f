/** What people see of GitHub in a browser. */
export interface GitHubPages {
  /** `https://github.com` */
  url: string;
  /** where the App is installed on an account; undefined where its name is not known */
  installUrl: string | undefined;
}

/**
 * Where people see what an API of GitHub's serves: `https://github.com`, a tenant of ghe.com (`https://api.HOST`), or the
 * host of an Enterprise Server (`https://HOST/api/v3`), whose Apps have another path
 * (https://docs.github.com/apps/using-github-apps/installing-a-github-app-from-a-third-party).
 *
 * @param slug GITHUB_APP_SLUG
 * @returns undefined for any other base: nothing is known of its pages
 */
export function githubPages(apiUrl: string, slug?: string): GitHubPages | undefined {
  const { hostname, origin, pathname } = new URL(apiUrl);
  const isCloud = hostname === 'api.github.com' || /^api\.[^.]+\.ghe\.com$/.test(hostname);
  if (!isCloud && pathname.replace(/\/+$/, '') !== '/api/v3') return undefined;
  const url = isCloud ? `https://${hostname.slice('api.'.length)}` : origin;
  const apps = isCloud ? 'apps' : 'github-apps';
  return { url, installUrl: slug && `${url}/${apps}/${encodeURIComponent(slug)}/installations/new` };
}
