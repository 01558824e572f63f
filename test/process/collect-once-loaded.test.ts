import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

it('collects what loading left behind once there is little to do, and leaves no gc to the program', async () => {
  const program = fileURLToPath(new URL('collect.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 60_000 });
  expect(stdout).toBe('kept while busy, then collected; gc is undefined');
});
