import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { printBegun, printStillBusy, type Print } from './print.ts';

const SITE = 'https://temporal.download/cli/default';
const SCRIPT = `
  import { TestWorkflowEnvironment } from '@temporalio/testing';
  const environment = await TestWorkflowEnvironment.createLocal({ server: { ui: false } });
  await environment.teardown();`;

/**
 * Lets the SDK download the program into its own cache (about 40 MB). Returns false if the download site is
 * unreachable. The SDK downloads only when it starts a server, and its runtime takes over the process's signal
 * handlers, so this runs in a separate process.
 */
export async function downloadTemporal(print: Print): Promise<boolean> {
  try {
    await fetch(`${SITE}?arch=amd64&platform=linux&format=tar.gz`, { signal: AbortSignal.timeout(5_000) });
  } catch {
    return false;
  }
  const what = 'Temporal: downloading it once, about 40 MB';
  printBegun(print, what);
  const done = printStillBusy(print, what);
  const child = spawn(process.execPath, ['--input-type=module', '--eval', SCRIPT], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: 'ignore',
    timeout: 300_000,
  });
  const code = await new Promise<number | null>((resolve) => child.on('exit', resolve));
  done();
  return code === 0;
}
