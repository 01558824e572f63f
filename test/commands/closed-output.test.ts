import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

/** Prints fifty lines in a tenth of a second, then exits with 2. */
function startPrinting(stdout: 'pipe' | number) {
  const module = fileURLToPath(new URL('../../src/commands/terminal-line.ts', import.meta.url));
  const program = `const { print } = await import('${module}');
    for (let left = 50; left > 0; left -= 1) { print('line'); await new Promise((next) => setTimeout(next, 2)); }
    process.exit(2);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: tmpdir(),
    stdio: ['ignore', stdout, 'pipe'],
  });
  const complaint: string[] = [];
  child.stderr?.on('data', (chunk) => complaint.push(String(chunk)));
  return { child, complaint };
}

it('keeps its exit code when its output is a pipe that nobody reads any more', async () => {
  const { child, complaint } = startPrinting('pipe');
  child.stdout?.once('data', () => child.stdout?.destroy()); // as `| head -1` does
  await once(child, 'close');
  expect({ code: child.exitCode, complaint }).toEqual({ code: 2, complaint: [] });
});

it('keeps its exit code when the disk of its output is full, and says so', async () => {
  const { child, complaint } = startPrinting(openSync('/dev/full', 'w'));
  await once(child, 'close');
  expect(child.exitCode).toBe(2);
  expect(complaint.join('')).toBe(
    'the output could not be written: ENOSPC: no space left on device, write\n',
  );
});
