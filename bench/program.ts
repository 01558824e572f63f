import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const READY_LIMIT_MS = 60_000;

export interface Program {
  pid: number;
  /** from its start until it answered at `readyUrl` */
  readyMs: number;
  isRunning: () => boolean;
  stop: () => Promise<void>;
}

export interface ProgramOptions {
  /** the npm script that starts it, whose flags it gets */
  script: 'api' | 'worker' | 'sandbox';
  args?: string[];
  env?: Record<string, string>;
  readyUrl: string;
  logFile: string;
  /** where a CPU profile goes at its end */
  profileFolder?: string | undefined;
}

/** Starts a process as its npm script does and waits until it is ready. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { script, args = [], env = {}, readyUrl, logFile, profileFolder } = options;
  const log = openSync(logFile, 'w');
  const profile = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`];
  const begun = performance.now();
  const { flags, settings } = commandOf(script);
  const child = spawn(process.execPath, [...profile, ...flags, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings, ...env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const end = (): boolean => child.kill('SIGKILL');
  process.on('exit', end);
  child.once('exit', () => process.off('exit', end));
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  while (!(await answers(readyUrl))) {
    if (!isRunning() || performance.now() - begun > READY_LIMIT_MS) {
      end();
      throw new Error(`${script} did not become ready, see ${logFile}`);
    }
    await sleep(10);
  }
  return {
    pid: child.pid ?? 0,
    readyMs: performance.now() - begun,
    isRunning,
    stop: async () => {
      if (!isRunning()) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** As in package.json, but for the settings of a developer. */
function commandOf(script: string): { flags: string[]; settings: Record<string, string> } {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')));
  const words = (scripts[script] ?? '').split(' ');
  const node = words.indexOf('node');
  const settings = words
    .slice(0, node)
    .filter((word) => word.includes('='))
    .map((word): [string, string] => {
      const [name = '', value = ''] = word.split('=');
      return [name, value];
    });
  return {
    flags: words.slice(node + 1).filter((word) => !word.startsWith('--import')),
    settings: Object.fromEntries(settings),
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
