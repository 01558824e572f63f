import { enableCompileCache } from '../process/compile-cache.ts';
import { roleAddresses } from '../process/role-bundle.ts';
import type * as RunRole from '../process/run-role.ts';
import { endWhileLoading } from '../process/stop-signal.ts';
import { keepYoungGenerationSmall } from '../process/small-young-generation.ts';
import type * as RunApi from './run-api.ts';

const USAGE = `npm run api
  starts the API, which takes webhooks and serves the dashboard; run as many as you like
`;

// Before anything else is loaded, because loading enlarges the young generation for good.
enableCompileCache();
keepYoungGenerationSmall();
const loaded = endWhileLoading();
const [own = '', shell = ''] = roleAddresses(['api/run-api.ts', 'process/run-role.ts']);
const { runApi }: typeof RunApi = await import(own);
const { runRole }: typeof RunRole = await import(shell);
loaded();
// `src/fill-compile-cache.ts` only loads this file.
if (import.meta.main) await runRole(runApi, USAGE);
