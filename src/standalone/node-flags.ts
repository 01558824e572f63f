import { fileURLToPath } from 'node:url';

/**
 * Node's flags for the roles, as in `package.json`, `Dockerfile` and `docker-compose.yml`
 * (`process/small-young-generation.ts`).
 */
export const nodeFlags = {
  api: ['--min-semi-space-size=8', '--max-semi-space-size=8'],
  worker: ['--max-semi-space-size=8'],
} as const;

/** Applied from a role's first file on, as in `package.json` and `Dockerfile` (`process/compile-cache.ts`). */
export const compileCache = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../.build/compile-cache', import.meta.url)),
};
