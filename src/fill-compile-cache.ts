import { enableCompileCache } from './process/compile-cache.ts';
import { roleAddresses } from './process/role-bundle.ts';

/** The last part of `npm run build`: both roles are read once, so that their first start is a fast one. */
enableCompileCache();
for (const address of roleAddresses(['api/run-api.ts', 'run-worker.ts'])) await import(address);
