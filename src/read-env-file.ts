import { existsSync } from 'node:fs';

/**
 * Preloaded by the `npm` scripts: the settings of `.env` in this folder, where there is one; what the environment has
 * already wins. Node's own `--env-file-if-exists` does the same, and complains at every start without one.
 */
const FILE = '.env';

try {
  if (existsSync(FILE)) process.loadEnvFile(FILE);
} catch (error) {
  process.stderr.write(`${FILE} cannot be read: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
