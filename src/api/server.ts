import { enableCompileCache } from '../process/compile-cache.ts';
import { keepYoungGenerationSmall } from '../process/small-young-generation.ts';

// Before the rest is even read: loading it grows the young generation for good.
enableCompileCache();
keepYoungGenerationSmall();
const [{ runApi }, { runRole }] = await Promise.all([
  import('./run-api.ts'),
  import('../process/run-role.ts'),
]);
await runRole(runApi);
