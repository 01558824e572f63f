import { SyncError } from '../errors.ts';
import type { GitHub } from '../github/client.ts';

/** Where a question was not answered, one more tells whose fault it is: whether GitHub as a whole does not answer. */
export async function isGitHubAway(github: GitHub): Promise<boolean> {
  try {
    await github.app.get('/app', [401, 403, 404]);
    return false;
  } catch (error) {
    return error instanceof SyncError && error.code === 'GITHUB_UNAVAILABLE';
  }
}
