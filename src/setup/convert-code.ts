import { z } from 'zod';
import { SyncError } from '../errors.ts';
import { reasonOf } from '../process/reason-of.ts';

const TIMEOUT_MS = 20_000;

const converted = z.object({
  id: z.number().int().positive(),
  slug: z.string().nullish(),
  html_url: z.string().nullish(),
  client_id: z.string(),
  client_secret: z.string(),
  webhook_secret: z.string().nullish(),
  pem: z.string(),
});

/** A new App with its credentials, which GitHub shows once. */
export type ConvertedApp = z.output<typeof converted>;

/**
 * Exchanges the code in GitHub's redirect for the App's credentials.
 *
 * @throws SyncError BAD_REQUEST if GitHub does not know the code (it can be used once, within an hour),
 * GITHUB_UNAVAILABLE, GITHUB_BAD_ANSWER
 */
export async function convertCode(apiUrl: string, code: string): Promise<ConvertedApp> {
  if (!/^[\w-]{1,200}$/.test(code)) throw new SyncError('BAD_REQUEST', 'this is not a code from GitHub');
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(`${apiUrl}/app-manifests/${code}/conversions`, {
      method: 'POST',
      headers: { accept: 'application/vnd.github+json', 'user-agent': 'github-auto-sync' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    body = response.status === 201 ? JSON.parse(text) : null;
  } catch (error) {
    throw new SyncError('GITHUB_UNAVAILABLE', `GitHub did not answer: ${reasonOf(error)}`, { cause: error });
  }
  if (response.status === 404 || response.status === 422)
    throw new SyncError('BAD_REQUEST', 'GitHub does not know this code: it can be used once, within an hour');
  if (response.status !== 201)
    throw new SyncError('GITHUB_UNAVAILABLE', `GitHub answered ${response.status}`);
  const parsed = converted.safeParse(body);
  if (!parsed.success) throw new SyncError('GITHUB_BAD_ANSWER', 'GitHub’s answer contains no credentials');
  return parsed.data;
}
