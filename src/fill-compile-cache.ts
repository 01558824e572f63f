import { enableCompileCache } from './process/compile-cache.ts';

/** The last part of `npm run build`: both roles are read once, from their first files on, so that their first start is a fast one. */
enableCompileCache();
for (const role of ['./api/server.ts', './worker.ts']) await import(role);
