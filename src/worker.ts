import { enableCompileCache } from './process/compile-cache.ts';
import { roleAddresses } from './process/role-bundle.ts';
import type * as RunRole from './process/run-role.ts';
import { endWhileLoading } from './process/stop-signal.ts';
import type * as RunWorker from './run-worker.ts';

const USAGE = `npm run worker
  starts a worker, which imports, applies deliveries and sweeps; run as many as you like
`;

// Before anything else is loaded, unless `NODE_COMPILE_CACHE` already did so.
enableCompileCache();
const loaded = endWhileLoading();
const [own = '', shell = ''] = roleAddresses(['run-worker.ts', 'process/run-role.ts']);
const { runWorker }: typeof RunWorker = await import(own);
const { runRole }: typeof RunRole = await import(shell);
loaded();
// `src/fill-compile-cache.ts` only loads this file.
if (import.meta.main) await runRole(runWorker, USAGE);
