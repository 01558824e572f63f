import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { startChild } from '../../src/standalone/child.ts';
import { commandOf } from '../../src/standalone/process-command.ts';

const CHILD = pathToFileURL('src/standalone/child.ts').href;
const SAYS_PID_AND_STAYS = 'process.stdout.write(`${process.pid}\\n`); setInterval(() => {}, 1000)';

async function untilGone(pid: number): Promise<boolean> {
  for (let waited = 0; waited < 10_000; waited += 50) {
    if (commandOf(pid) === undefined) return true;
    await sleep(50);
  }
  return false;
}

describe('a supervised process', () => {
  it('ends with the process that started it, even when that one is killed', async () => {
    const script = `
      const { startChild } = await import(${JSON.stringify(CHILD)});
      startChild({ name: 'x', program: process.execPath, args: ['-e', ${JSON.stringify(SAYS_PID_AND_STAYS)}], env: process.env,
        onLine: (line) => process.stdout.write(line + '\\n') });
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(String(line).trim());
    expect(commandOf(pid)).toContain('setInterval');
    parent.kill('SIGKILL');
    expect(await untilGone(pid)).toBe(true);
  });

  it('is killed if it does not end by itself in time', async () => {
    const stubborn = `process.on('SIGTERM', () => {}); ${SAYS_PID_AND_STAYS}`;
    const pid = Promise.withResolvers<number>();
    const child = startChild({
      name: 'stubborn',
      program: process.execPath,
      args: ['-e', stubborn],
      env: process.env,
      graceMs: 200,
      onLine: (line) => pid.resolve(Number(line)),
    });
    const number = await pid.promise;
    await child.stop();
    expect(commandOf(number)).toBeUndefined();
    expect(await child.exited).toBe(128 + 9);
  });

  it('reports what it printed last, and its exit code', async () => {
    const args = ['-e', 'console.log("one"); console.error("two"); process.exit(3)'];
    const child = startChild({ name: 'brief', program: process.execPath, args, env: process.env });
    expect(await child.exited).toBe(3);
    expect(child.lastLines().toSorted()).toEqual(['one', 'two']);
  });
});
