/** The addresses of GitHub's web pages. */
export interface GitHubPages {
  /** `https://github.com` */
  url: string;
  /** where the App is installed on an account; undefined if its name is unknown */
  installUrl: string | undefined;
}

/**
 * The web pages that belong to an API of GitHub's: `https://github.com`, a tenant of ghe.com
 * (`https://api.HOST`), or the host of an Enterprise Server (`https://HOST/api/v3`), whose Apps have another
 * path (https://docs.github.com/apps/using-github-apps/installing-a-github-app-from-a-third-party).
 *
 * @param slug GITHUB_APP_SLUG
 * @returns undefined for any other base, whose pages are unknown
 */
export function githubPages(apiUrl: string, slug?: string): GitHubPages | undefined {
  const { hostname, origin, pathname } = new URL(apiUrl);
  const isCloud = hostname === 'api.github.com' || /^api\.[^.]+\.ghe\.com$/.test(hostname);
  if (!isCloud && pathname.replace(/\/+$/, '') !== '/api/v3') return undefined;
  const url = isCloud ? `https://${hostname.slice('api.'.length)}` : origin;
  const apps = isCloud ? 'apps' : 'github-apps';
  return { url, installUrl: slug && `${url}/${apps}/${encodeURIComponent(slug)}/installations/new` };
}
