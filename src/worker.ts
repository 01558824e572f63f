import { enableCompileCache } from './process/compile-cache.ts';
import { roleAddresses } from './process/role-bundle.ts';
import type * as RunRole from './process/run-role.ts';
import type * as RunWorker from './run-worker.ts';

// Before the rest is even read.
enableCompileCache();
const [own = '', shell = ''] = roleAddresses(['run-worker.ts', 'process/run-role.ts']);
const { runWorker }: typeof RunWorker = await import(own);
const { runRole }: typeof RunRole = await import(shell);
await runRole(runWorker);
