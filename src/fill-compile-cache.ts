import { enableCompileCache } from './process/compile-cache.ts';

/**
 * The last step of `npm run build`: loads both roles once, entry points first, so that their first start is
 * fast.
 */
enableCompileCache();
for (const role of ['./api/server.ts', './worker.ts']) await import(role);
