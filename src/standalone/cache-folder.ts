import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * The user's cache folder for this product (XDG Base Directory Specification); its contents can be recreated.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'github-auto-sync');
}
