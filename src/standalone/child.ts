import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createLogOutput } from '../log-output.ts';

export interface ChildOptions {
  /** Its name for people: `PostgreSQL`, `the worker`. */
  name: string;
  program: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** Asks it to end in order; SIGTERM by default. */
  endSignal?: 'SIGTERM' | 'SIGINT';
  /** How long it may take to end before it is killed. */
  graceMs?: number;
  uid?: number;
  gid?: number;
  /** Where its output goes, replacing that of an earlier start. */
  logFile?: string;
  onLine?: (line: string) => void;
}

export interface Child {
  /** The process group of the program and its supervisor; undefined if it could not be started. */
  pid: number | undefined;
  name: string;
  /** Resolves with the exit code once it has ended, in whatever way. */
  exited: Promise<number>;
  /** The end of its output, to report why it died. */
  lastLines: () => string[];
  /** Asks it to end and waits until it has. */
  stop: () => Promise<void>;
  /** Kills it at once. */
  kill: () => void;
}

const SUPERVISOR = fileURLToPath(new URL('supervise.ts', import.meta.url));
const LINES_KEPT = 30;

/** Starts a program that ends when it is told to, or when this process dies for any reason. */
export function startChild(options: ChildOptions): Child {
  const { name, program, args, uid, gid, endSignal = 'SIGTERM', graceMs = 10_000 } = options;
  const order = [endSignal, String(graceMs), String(uid ?? ''), String(gid ?? ''), program, ...args];
  const file = options.logFile === undefined ? undefined : openLog(options.logFile);
  // Its own group: the terminal's Ctrl-C goes to whole groups and would end everything at once, in no order.
  const supervisor = spawn(process.execPath, [SUPERVISOR, ...order], {
    cwd: options.cwd,
    env: options.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const kept: string[] = [];
  for (const stream of [supervisor.stdout, supervisor.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      kept.push(line);
      if (kept.length > LINES_KEPT) kept.shift();
      file?.write(`${line}\n`);
      options.onLine?.(line);
    });
  }
  supervisor.stdin.on('error', () => undefined); // the program has already ended
  const exited = new Promise<number>((resolve) => {
    const end = (code: number): void => {
      for (const stream of [supervisor.stdout, supervisor.stderr]) stream.destroy();
      file?.close();
      resolve(code);
    };
    supervisor.on('close', (code) => end(code ?? 1));
    // If a program outlived its supervisor, it holds the pipes open: then they are not waited for.
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
        // It ended between the check and the signal.
      }
    },
  };
}

/** The file of a program's output. What arrives after `close` is left out. */
function openLog(path: string): { write: (line: string) => void; close: () => void } {
  mkdirSync(dirname(path), { recursive: true });
  const fd = openSync(path, 'w');
  const output = createLogOutput(fd, (lost, code) => `${lost} lines of this log were lost: ${code}\n`);
  let isOpen = true;
  return {
    write: (line) => {
      if (isOpen) output.write(line);
    },
    close: () => {
      if (!isOpen) return;
      isOpen = false;
      output.end();
      closeSync(fd);
    },
  };
}
