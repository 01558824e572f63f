import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const LOGGER = fileURLToPath(new URL('../src/logger.ts', import.meta.url));
/** More than what a pipe and the log's memory hold together. */
const LINES = 20_000;

/** A program that logs, and exits with 7 unless something else ends it. */
function startLogging(work: string, stdout: 'pipe' | number) {
  const program = `const { createLogger } = await import('${LOGGER}');
    const { setTimeout: sleep } = await import('node:timers/promises');
    const log = createLogger('test', 'info');
    ${work}
    process.exit(7);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: tmpdir(),
    stdio: ['pipe', stdout, 'pipe'],
    timeout: 30_000,
    killSignal: 'SIGKILL',
  });
  const told: string[] = [];
  child.stderr?.on('data', (chunk) => told.push(String(chunk)));
  return { child, told };
}

interface LogLine {
  msg: string;
  at?: number;
  lost?: number;
}

function parseLine(line: string): LogLine {
  const parsed: LogLine = JSON.parse(line);
  return parsed;
}

it('lets a process go on, and end, while the disk of its log is full', async () => {
  const { child, told } = startLogging(
    `for (let at = 0; at < 20; at += 1) { log.info({ at }, 'line'); await sleep(10); }`,
    openSync('/dev/full', 'w'),
  );
  await once(child, 'close');
  expect({ code: child.exitCode, told: told.join('') }).toEqual({ code: 7, told: '' });
});

it('waits for no reader: says how many lines were lost once the pipe is read again', async () => {
  const { child, told } = startLogging(
    `for (let at = 0; at < ${LINES}; at += 1) log.info({ at, padding: '${'x'.repeat(100)}' }, 'line');
    process.stderr.write('logged all');
    await new Promise((resolve) => process.stdin.once('data', resolve));
    log.info('last');`,
    'pipe',
  );
  if (child.stdout === null || child.stderr === null || child.stdin === null) throw new Error('no pipes');
  await once(child.stderr, 'data');
  const read: string[] = [];
  child.stdout.on('data', (chunk) => read.push(String(chunk)));
  while (!read.join('').includes('were lost')) await once(child.stdout, 'data');
  child.stdin.write('go on');
  await once(child, 'close');
  const lines = read.join('').trimEnd().split('\n').map(parseLine);
  const kept = lines.filter(({ msg }) => msg === 'line').map(({ at }) => at);
  const gap = lines.find(({ lost }) => lost !== undefined);
  expect(kept).toEqual(Array.from({ length: kept.length }, (_one, at) => at));
  expect(gap).toMatchObject({ level: 40, name: 'test', lost: LINES - kept.length, code: 'EAGAIN' });
  expect(lines.at(-1)).toMatchObject({ msg: 'last' });
  expect({ code: child.exitCode, told: told.join('') }).toEqual({ code: 7, told: 'logged all' });
});

it('lets a process end whose log is a pipe that nobody reads', async () => {
  const { child } = startLogging(
    `for (let at = 0; at < ${LINES}; at += 1) log.info({ at, padding: '${'x'.repeat(100)}' }, 'line');`,
    'pipe',
  );
  await once(child, 'exit');
  expect(child.exitCode).toBe(7);
});
