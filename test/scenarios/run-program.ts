import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findTemporal } from '../../src/standalone/temporal-program.ts';
import type { Stack } from '../support/stack.ts';

export interface Ended {
  code: number | null;
  output: string;
}

/** Runs a program to its end; gives what it printed. */
export async function runProgram(
  program: string,
  args: readonly string[],
  env: Record<string, string | undefined>,
): Promise<Ended> {
  const child = spawn(program, args, { env: { PATH: process.env['PATH'], ...env }, stdio: 'pipe' });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(child, 'close');
  return { code: child.exitCode, output: Buffer.concat(chunks).toString() };
}

/** The `temporal` program, as a person calls it from a shell with the settings of the product. */
export async function temporal(stack: Stack, ...args: string[]): Promise<string> {
  const program = process.env['TEST_TEMPORAL_PROGRAM'] ?? (await findTemporal(() => undefined));
  const { code, output } = await runProgram(program, args, {
    HOME: process.env['HOME'],
    TEMPORAL_ADDRESS: stack.temporalAddress,
    TEMPORAL_NAMESPACE: stack.namespace,
  });
  if (code !== 0) throw new Error(`temporal ${args.join(' ')}: ${output}`);
  return output;
}
