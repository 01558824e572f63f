import { existsSync } from 'node:fs';

/**
 * Preloaded by the `npm` scripts: applies the settings in this folder's `.env`, if there is one; variables
 * already set take precedence. Node's own `--env-file-if-exists` does the same, but complains at every start if
 * the file is missing.
 */
const FILE = '.env';

try {
  if (existsSync(FILE)) process.loadEnvFile(FILE);
} catch (error) {
  process.stderr.write(`${FILE} cannot be read: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
