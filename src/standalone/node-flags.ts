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
 * glibc has 16 places on two cores for what its threads hold outside of V8's heap, and what was freed in one is not given to another.
 * With two a worker holds 243 MiB when idle and 338 at its peak in an import of 60,000 rows, where it held 256 and 354, and an API
 * 176 in place of 183, for no more processor time (four imports of each by turns, on a busy machine). Read by glibc at the start of a process; any other C library passes over it.
 */
export const allocator = { MALLOC_ARENA_MAX: '2' };
