import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

it('keeps its exit code when its output is a pipe that nobody reads any more', async () => {
  const module = fileURLToPath(new URL('../../src/commands/terminal-line.ts', import.meta.url));
  const program = `const { print } = await import('${module}');
    for (let left = 50; left > 0; left -= 1) { print('line'); await new Promise((next) => setTimeout(next, 2)); }
    process.exit(2);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: tmpdir(),
    stdio: 'pipe',
  });
  let complaint = '';
  child.stderr.on('data', (chunk) => (complaint += String(chunk)));
  child.stdout.once('data', () => child.stdout.destroy()); // as `| head -1` does
  await once(child, 'close');
  expect({ code: child.exitCode, complaint }).toEqual({ code: 2, complaint: '' });
});
