import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import type { Stack } from '../support/stack.ts';
import { runProgram } from './run-program.ts';

export const DOCTOR = fileURLToPath(new URL('../../src/commands/doctor.ts', import.meta.url));

/** What `npm run doctor -- --json` tells of one check. */
interface Check {
  check: string;
  status: string;
  message: string;
  why: string | null;
  advice: string | null;
}

/**
 * Runs it in `folder` with the settings of the stack and these changes; gives all checks, and those that are not ok.
 * Whatever it prints, no secret is in it.
 */
export async function runDoctor(
  stack: Stack,
  folder: string,
  changes: Record<string, string>,
  flags: readonly string[],
): Promise<{ checks: Check[]; odd: Check[] }> {
  const { code, output } = await runProgram(
    'env',
    ['-C', folder, process.execPath, DOCTOR, '--json', ...flags],
    { ...stack.env, ...changes },
  );
  const { webhookSecret, privateKey } = stack.sandbox;
  const password = new URL(stack.databaseUrl).password;
  const secrets = [webhookSecret, privateKey.split('\n')[2], password].filter(Boolean);
  expect(secrets.filter((secret) => secret !== undefined && output.includes(secret))).toEqual([]);
  const { ok, checks }: { ok: boolean; checks: Check[] } = JSON.parse(output);
  expect(code).toBe(ok ? 0 : 1);
  return { checks, odd: checks.filter(({ status }) => status !== 'ok') };
}

export function summary(checks: readonly Check[]): string[] {
  return checks.map(({ status, check, message }) => `${status} ${check}: ${message}`);
}
