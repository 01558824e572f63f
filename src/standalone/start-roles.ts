import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SETUP_FOLDER } from '../config.ts';
import { freePort } from './free-port.ts';
import { compileCache, nodeFlags } from './node-flags.ts';
import { startService } from './service.ts';
import type { StartContext } from './start-context.ts';

const SOURCE = fileURLToPath(new URL('..', import.meta.url));
const WATCHED = [
  // By folder: the workflows are bundled, not imported.
  `--watch-path=${SOURCE}`,
  '--watch-preserve-output',
  // Threads else post the names of their modules to their owner, and Temporal's takes any message for one of its own.
  '--import=data:text/javascript,delete process.env.WATCH_REPORT_DEPENDENCIES',
];
const DASHBOARD_PORT = 5173; // Vite's own

/**
 * Starts the worker and the API; with `watch` so that they are restarted at every save, and the dashboard by itself.
 *
 * @param metricsPort of the worker
 * @returns where the dashboard is
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
    env: { ...env, ...compileCache, METRICS_PORT: String(metricsPort) },
    logFile: logFile('worker'),
    readyUrl: `http://127.0.0.1:${metricsPort}/readyz`,
  });
  const api = startService({
    ...common,
    name: 'API',
    script: 'api/server.ts',
    flags: [...nodeFlags.api, ...watched],
    // That port is the worker's here.
    env: {
      ...env,
      ...compileCache,
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
