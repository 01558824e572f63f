import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Stack } from './stack.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runs a command of the product against a stack, to its end; returns its exit code and what it printed. */
export function runCommand(
  command: 'sync' | 'verify',
  {
    databaseUrl,
    temporalAddress,
    temporalNamespace,
  }: Pick<Stack, 'databaseUrl' | 'temporalAddress' | 'temporalNamespace'>,
): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const env = {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: temporalAddress,
      TEMPORAL_NAMESPACE: temporalNamespace,
    };
    execFile(process.execPath, [`src/commands/${command}.ts`], { cwd: ROOT, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr }),
    );
  });
}
