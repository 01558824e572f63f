import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const COMMAND = fileURLToPath(new URL('../../src/db/migrate.ts', import.meta.url));

it.each([
  [
    'a database out of reach',
    'postgres://nobody:hunter2@127.0.0.1:1/x',
    /^PostgreSQL at DATABASE_URL does not answer: .*ECONNREFUSED.*\n$/,
  ],
  [
    'an address that cannot be read',
    'postgres://nobody:hunter2@[bad/x',
    /^Configuration:\n {2}- DATABASE_URL: must look like .*\n$/,
  ],
])('reports %s by the name of its setting, and exits with 1', async (_what, DATABASE_URL, message) => {
  const env = { PATH: process.env['PATH'], DATABASE_URL };
  const child = spawn(process.execPath, [COMMAND], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const [told] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect(told).toMatch(message);
  expect(told).not.toContain('hunter2');
  expect(child.exitCode).toBe(1);
});
