import { enableCompileCache } from './process/compile-cache.ts';

/** The last part of `npm run build`: both roles are read once, so that their first start is a fast one. */
enableCompileCache();
await Promise.all([import('./api/run-api.ts'), import('./run-worker.ts')]);
