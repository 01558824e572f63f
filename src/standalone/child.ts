import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ChildOptions {
  /** What people call it: `PostgreSQL`, `the worker`. */
  name: string;
  program: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Asks it to end in order; SIGTERM unless given. */
  endSignal?: 'SIGTERM' | 'SIGINT';
  /** How long it may take to end before it is killed. */
  graceMs?: number;
  uid?: number;
  gid?: number;
  /** Everything it prints goes here; what an earlier start left is overwritten. */
  logFile?: string;
  onLine?: (line: string) => void;
}

export interface Child {
  /** The process group of the program and its supervisor; undefined when it could not be started. */
  pid: number | undefined;
  name: string;
  /** Settles with the exit code when it is gone, however it went. */
  exited: Promise<number>;
  /** The end of what it printed, for a report of its death. */
  lastLines: () => string[];
  /** Asks it to end and waits until it is gone. */
  stop: () => Promise<void>;
  /** Ends it at once. */
  kill: () => void;
}

const SUPERVISOR = fileURLToPath(new URL('supervise.ts', import.meta.url));
const LINES_KEPT = 30;

/** Starts a program that ends when it is told to, or when this process dies of whatever cause. */
export function startChild(options: ChildOptions): Child {
  const { name, program, args, uid, gid, endSignal = 'SIGTERM', graceMs = 10_000 } = options;
  const order = [endSignal, String(graceMs), String(uid ?? ''), String(gid ?? ''), program, ...args];
  // A group of its own: the terminal's Ctrl-C reaches whole groups and would end everything at once, in no order.
  const supervisor = spawn(process.execPath, [SUPERVISOR, ...order], {
    cwd: options.cwd,
    env: options.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const kept: string[] = [];
  if (options.logFile) mkdirSync(dirname(options.logFile), { recursive: true });
  const file = options.logFile ? createWriteStream(options.logFile, { flags: 'w' }) : undefined;
  for (const stream of [supervisor.stdout, supervisor.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      kept.push(line);
      if (kept.length > LINES_KEPT) kept.shift();
      file?.write(`${line}\n`);
      options.onLine?.(line);
    });
  }
  supervisor.stdin.on('error', () => undefined); // a program that is gone already needs no telling
  const exited = new Promise<number>((resolve) => {
    const end = (code: number): void => {
      for (const stream of [supervisor.stdout, supervisor.stderr]) stream.destroy();
      file?.end();
      resolve(code);
    };
    supervisor.on('close', (code) => end(code ?? 1));
    // A program that outlived its supervisor holds the pipes open: there is no waiting for them then.
    supervisor.on('exit', (code) => setTimeout(end, 200, code ?? 1));
    supervisor.on('error', (error) => {
      kept.push(error.message);
      end(127);
    });
  });
  return {
    name,
    pid: supervisor.pid,
    exited,
    lastLines: () => [...kept],
    stop: async () => {
      supervisor.stdin.end('.');
      await exited;
    },
    kill: () => {
      if (supervisor.pid === undefined || supervisor.exitCode !== null) return;
      try {
        process.kill(-supervisor.pid, 'SIGKILL');
      } catch {
        // Gone between the question and the signal.
      }
    },
  };
}
