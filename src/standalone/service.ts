import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { throttleLines } from './throttle-lines.ts';
import { startChild, type Child } from './child.ts';
import type { Print } from './print.ts';

export interface ServiceOptions {
  name: string;
  /** Its file, relative to `src`. */
  script: string;
  /** Node's own. */
  flags?: readonly string[];
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** Answers 200 as soon as the role works. */
  readyUrl: string;
  /** Called with the process before it is ready, so that it can be stopped meanwhile. */
  onStart: (child: Child) => void;
  print: Print;
}

const READY_LIMIT_MS = 120_000;
const WARN = 40; // pino's number for it

/** Starts the API, the worker or the dashboard as a separate process and waits until it is ready. */
export async function startService(options: ServiceOptions): Promise<Child> {
  const { name } = options;
  const print = throttleLines(options.print);
  const child = startChild({
    name,
    program: process.execPath,
    args: [...(options.flags ?? []), fileURLToPath(new URL(`../${options.script}`, import.meta.url))],
    env: options.env,
    // The worker lets activities finish; longer than its own limit, shorter than a person's patience.
    graceMs: 30_000,
    logFile: options.logFile,
    onLine: (line) => {
      const text = complaintIn(line);
      if (text !== undefined) print(`${name}: ${text}`);
    },
  });
  options.onStart(child);
  let hasEnded = false;
  void child.exited.then(() => (hasEnded = true));
  const begun = Date.now();
  while (!(await answers(options.readyUrl))) {
    if (hasEnded) throw new Error(`${name} exited while it was starting:\n${child.lastLines().join('\n')}`);
    if (Date.now() - begun > READY_LIMIT_MS) {
      throw new Error(
        `${name} is not ready after ${READY_LIMIT_MS / 1000} s:\n${child.lastLines().join('\n')}`,
      );
    }
    await sleep(100);
  }
  return child;
}

async function answers(url: string): Promise<boolean> {
  try {
    const { ok } = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return ok;
  } catch {
    return false;
  }
}

/** The log lines worth showing at the terminal: warnings and worse. */
export function complaintIn(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null || !('level' in entry) || !('msg' in entry))
      return undefined;
    if (typeof entry.level !== 'number' || entry.level < WARN) return undefined;
    const cause = 'err' in entry && typeof entry.err === 'object' && entry.err !== null ? entry.err : {};
    const message = 'message' in cause ? `: ${String(cause.message)}` : '';
    return `${String(entry.msg)}${message}`;
  } catch {
    return undefined;
  }
}
