import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SETUP_FOLDER } from '../config.ts';
import { freePort } from './free-port.ts';
import { allocator, compileCache, nodeFlags } from './node-flags.ts';
import { startService } from './service.ts';
import type { StartContext } from './start-context.ts';

const SOURCE = fileURLToPath(new URL('..', import.meta.url));
const WATCHED = [
  // By folder: the workflows are bundled, not imported.
  `--watch-path=${SOURCE}`,
  '--watch-preserve-output',
  // Otherwise threads post their module names to their parent, and Temporal's treats any message as its own.
  '--import=data:text/javascript,delete process.env.WATCH_REPORT_DEPENDENCIES',
];
const DASHBOARD_PORT = 5173; // Vite's default

/**
 * Starts the worker and the API; with `watch` they are restarted at every save, and the dashboard is served
 * separately.
 *
 * @param metricsPort of the worker
 * @returns the dashboard's address
 */
export async function startRoles(
  context: StartContext,
  apiUrl: string,
  metricsPort: number,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const { settings, shutdown, folder, print, watch } = context;
  const common = { onStart: shutdown.addChild, print };
  const logFile = (name: string): string => join(folder, 'logs', `${name}.log`);
  const watched = watch ? WATCHED : [];
  const worker = startService({
    ...common,
    name: 'worker',
    script: 'worker.ts',
    flags: [...nodeFlags.worker, ...watched],
    env: { ...env, ...compileCache, ...allocator, METRICS_PORT: String(metricsPort) },
    logFile: logFile('worker'),
    readyUrl: `http://127.0.0.1:${metricsPort}/readyz`,
  });
  const api = startService({
    ...common,
    name: 'API',
    script: 'api/server.ts',
    flags: [...nodeFlags.api, ...watched],
    // That port belongs to the worker here.
    env: {
      ...env,
      ...compileCache,
      ...allocator,
      METRICS_PORT: '',
      ...(settings.sandbox && { [SETUP_FOLDER]: resolve('.') }),
    },
    logFile: logFile('api'),
    readyUrl: `${apiUrl}/readyz`,
  });
  await Promise.all([worker, api]);
  if (!watch) return apiUrl;
  const port = await freePort(DASHBOARD_PORT);
  const dashboardUrl = `http://127.0.0.1:${port}`;
  await startService({
    ...common,
    name: 'dashboard',
    script: '../dashboard/dev.ts',
    env: { PATH: process.env['PATH'], API_URL: apiUrl, PORT: String(port) },
    logFile: logFile('dashboard'),
    readyUrl: `${dashboardUrl}/`,
  });
  return dashboardUrl;
}
