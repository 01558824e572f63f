import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { runProgram } from '../scenarios/run-program.ts';
import { adminUrl } from '../support/database.ts';

it('ends a role whose error nobody caught, with its stack and without the value that PostgreSQL rejected', async () => {
  const program = fileURLToPath(new URL('crash.ts', import.meta.url));
  const { code, output } = await runProgram(process.execPath, [program], { DATABASE_URL: adminUrl() });
  expect(code).toBe(1);
  expect(output).toMatch(/PostgreSQL refused it: 23505 \(.*\)\n {4}at /);
  expect(output).not.toContain('planted');
});
