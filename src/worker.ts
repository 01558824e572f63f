import { enableCompileCache } from './process/compile-cache.ts';

// Before the rest is even read.
enableCompileCache();
const [{ runWorker }, { runRole }] = await Promise.all([
  import('./run-worker.ts'),
  import('./process/run-role.ts'),
]);
await runRole(runWorker);
