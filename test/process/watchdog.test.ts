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
