import { SyncError } from '../errors.ts';
import type { GitHub } from '../github/client.ts';

/**
 * Whether GitHub as a whole does not answer: a further request after one that failed shows what the cause is.
 */
export async function isGitHubUnavailable(github: GitHub): Promise<boolean> {
  try {
    await github.app.get('/app', [401, 403, 404]);
    return false;
  } catch (error) {
    return error instanceof SyncError && error.code === 'GITHUB_UNAVAILABLE';
  }
}
