import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';

/**
 * Runs a small program of `bench/floors` in a process of its own.
 *
 * @param input reaches it as JSON on standard input
 * @returns what it prints: how many milliseconds the work took, without its own start
 */
export async function runFloor(program: string, input: object): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(`floors/${program}.ts`, import.meta.url))], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(input));
  const printed = await text(child.stdout);
  const ms = Number(printed);
  if (!(ms > 0)) throw new Error(`the floor ${program} printed ${JSON.stringify(printed)}`);
  return ms;
}
