import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Stack } from './stack.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runs a command of the product against a stack, to its end; gives its exit code and what it printed. */
export function runCommand(
  command: 'sync' | 'verify',
  { databaseUrl, temporalAddress }: Pick<Stack, 'databaseUrl' | 'temporalAddress'>,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
    execFile(
      process.execPath,
      [`src/commands/${command}.ts`],
      { cwd: ROOT, env: { ...env, DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporalAddress } },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr }),
    );
  });
}
