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

/**
 * glibc keeps memory that was freed in one of its arenas (16 on two cores) for threads of that arena. With two arenas a
 * worker holds 16 MiB less at its peak and an API 7 MiB less, for no more processor time (four imports of 60,000 rows
 * of each, taking turns). Any other C library ignores the variable.
 */
export const allocator = { MALLOC_ARENA_MAX: '2' };
