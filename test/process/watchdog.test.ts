import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

it('ends a process whose event loop hangs, with a line in its log, and not one that is busy', async () => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('hang.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code, signal] = await once(child, 'close');
  expect([code, signal]).toEqual([null, 'SIGKILL']);
  const [worked, line = '{}'] = output.split('\n');
  expect(worked).toBe('worked');
  expect(JSON.parse(line)).toMatchObject({
    level: 60,
    name: 'hanging',
    pid: child.pid,
    msg: 'the event loop hangs: ending the process',
  });
});

it('watches from a thread that does not load the type stripper', async () => {
  // Every thread also runs this: it prints what it loaded of it, and ends the process.
  const tell = dataUrl(`
    import { writeSync } from 'node:fs';
    setImmediate(() => {
      writeSync(1, JSON.stringify(process.moduleLoadList.filter((one) => one.includes('amaro'))));
      process.kill(process.pid, 'SIGKILL');
    });`);
  const preload = dataUrl(`
    import { syncBuiltinESMExports } from 'node:module';
    import threads from 'node:worker_threads';
    threads.Worker = class extends threads.Worker {
      constructor(file, options) { super(file, { ...options, execArgv: [${JSON.stringify(`--import=${tell}`)}] }); }
    };
    syncBuiltinESMExports();`);
  const watchdog = new URL('../../src/process/watchdog.ts', import.meta.url);
  const program = `import { startWatchdog } from '${watchdog.href}'; startWatchdog('watched'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, [`--import=${preload}`, '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await once(child, 'close');
  expect(output).toBe('[]');
});

function dataUrl(module: string): string {
  return `data:text/javascript,${encodeURIComponent(module)}`;
}
