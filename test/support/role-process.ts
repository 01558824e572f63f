import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { allocator, compileCache, nodeFlags } from '../../src/standalone/node-flags.ts';

// As the npm scripts and containers start them.
const programs = { api: '../../src/api/server.ts', worker: '../../src/worker.ts' } as const;

const START_LIMIT_MS = 180_000;

export type RoleName = keyof typeof programs;

/** The product's API or worker in a process of its own. */
export interface RoleProcess {
  role: RoleName;
  /** where it answers `/readyz`: the API's own port, the worker's METRICS_PORT */
  port: number;
  pid: number;
  logFile: string;
  isRunning: () => boolean;
  /** Sends the signal and waits for the end; returns the exit code, or null if the signal ended it. */
  kill: (signal: NodeJS.Signals) => Promise<number | null>;
}

export interface RoleOptions {
  port: number;
  env: Record<string, string>;
  /** takes what it prints */
  logFile: string;
  /** what to wait for: until `/readyz` answers 200, or anything at all */
  until?: 'ready' | 'listening';
}

/** Starts a role as its npm script does. */
export async function startRole(role: RoleName, options: RoleOptions): Promise<RoleProcess> {
  const { port, logFile, until = 'ready' } = options;
  const log = openSync(logFile, 'a');
  const child = spawn(
    process.execPath,
    [...nodeFlags[role], fileURLToPath(new URL(programs[role], import.meta.url))],
    {
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        ...compileCache,
        ...allocator,
        ...options.env,
      },
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  // The process that started it may be stopped midway; then nothing of it must be left.
  const end = (): boolean => child.kill('SIGKILL');
  process.on('exit', end);
  child.once('exit', () => process.off('exit', end));
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  const kill = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (isRunning()) {
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    }
    return child.exitCode;
  };
  for (const started = Date.now(); !(await isUp(port, until));) {
    if (!isRunning()) throw new Error(`the ${role} ended at its start: ${readFileSync(logFile, 'utf8')}`);
    if (Date.now() - started > START_LIMIT_MS) {
      await kill('SIGKILL');
      throw new Error(`the ${role} was not ready within three minutes, see ${logFile}`);
    }
    await sleep(50);
  }
  return { role, port, pid: child.pid ?? 0, logFile, isRunning, kill };
}

async function isUp(port: number, until: 'ready' | 'listening'): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2000) });
    await answer.arrayBuffer();
    return answer.ok || until === 'listening';
  } catch {
    return false;
  }
}
