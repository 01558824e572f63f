import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** A small program of `bench/floors` that runs until it is stopped. */
export interface RunningFloor {
  pid: number;
  /** the first line that it printed: it is ready */
  printed: string;
  stop: () => Promise<void>;
}

/**
 * Runs a small program of `bench/floors` in a process of its own.
 *
 * @param input reaches it as JSON on standard input
 * @returns what it prints: how many milliseconds the work took, without its own start
 */
export async function runFloor(program: string, input: object): Promise<number> {
  const printed = await text(spawnFloor(program, input).stdout);
  const ms = Number(printed);
  if (!(ms > 0)) throw new Error(`the floor ${program} printed ${JSON.stringify(printed)}`);
  return ms;
}

/**
 * Starts one that runs until it is stopped, and waits until it is ready.
 *
 * @param input reaches it as JSON on standard input
 */
export async function startFloor(program: string, input: object): Promise<RunningFloor> {
  const child = spawnFloor(program, input);
  const [first] = await once(child.stdout, 'data');
  return {
    pid: child.pid ?? 0,
    printed: String(first).trim(),
    stop: async () => {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}

function spawnFloor(program: string, input: object): ChildProcessByStdio<Writable, Readable, null> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`floors/${program}.ts`, import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(input));
  return child;
}
