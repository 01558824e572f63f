import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from '@jest/globals';

const MODULE = new URL('../../src/process/stop-signal.ts', import.meta.url).href;

/** Runs lines that may use what `stop-signal.ts` exports; gives how the process ended. */
async function endOf(lines: string): Promise<{ code: unknown; signal: unknown }> {
  const program = `
    import { endWhileLoading, stopSignal } from '${MODULE}';
    const told = () => process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.exit(3), 20_000);
    ${lines}`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' });
  const [code, signal]: unknown[] = await once(child, 'exit');
  return { code, signal };
}

it('ends with 0 if stopped while it loads', async () => {
  expect(await endOf('endWhileLoading(); told();')).toEqual({ code: 0, signal: null });
});

it('stops gracefully if told to just before it starts', async () => {
  const lines = `
    const loaded = endWhileLoading();
    told();
    loaded();
    stopSignal().addEventListener('abort', () => process.exit(7));`;
  expect(await endOf(lines)).toEqual({ code: 7, signal: null });
});

it('takes a signal that is repeated within half a second for the same one', async () => {
  const lines = `
    endWhileLoading()();
    stopSignal().addEventListener('abort', () => {
      told();
      setTimeout(() => process.exit(7), 100);
    });
    told();`;
  expect(await endOf(lines)).toEqual({ code: 7, signal: null });
});

it('ends at once on a second signal after that', async () => {
  const lines = `
    endWhileLoading()();
    stopSignal().addEventListener('abort', () => setTimeout(told, 600));
    told();`;
  expect(await endOf(lines)).toEqual({ code: null, signal: 'SIGTERM' });
});
