import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AlreadyRunningError,
  claimFolder,
  runningEnvironment,
  settingsToLend,
} from '../../src/standalone/running.ts';
import { commandOf } from '../../src/standalone/process-command.ts';
import { DOCTOR } from '../scenarios/run-doctor.ts';
import { runProgram } from '../scenarios/run-program.ts';

const print = (): void => undefined;

describe('the claim of npm start on its folder', () => {
  let folder: string;
  let other: ChildProcess;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'running-test-'));
    // A process that looks like another `npm start`.
    const args = ['-e', 'process.stdout.write("up"); setInterval(() => {}, 1000)', 'src/standalone/start.ts'];
    other = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    await new Promise((resolve) => other.stdout?.once('data', resolve));
  });
  afterEach(() => {
    other.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  function record(pid: number | undefined, environment: Record<string, string> = {}): void {
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ pid, children: [], environment }));
  }

  it('refuses a second start and names the running one', async () => {
    record(other.pid);
    await expect(claimFolder(folder, print)).rejects.toThrow(AlreadyRunningError);
    await expect(claimFolder(folder, print)).rejects.toThrow(`process ${other.pid}`);
  });

  it.each([
    ['of a killed start', JSON.stringify({ pid: process.pid, children: [], environment: {} })],
    ['written by half', '{"pid": 12'],
  ])('takes over a file %s', async (_what, content) => {
    writeFileSync(join(folder, 'run.json'), content);
    const claim = await claimFolder(folder, print);
    claim.write({ environment: { DATABASE_URL: 'postgres://x' } });
    const file = join(folder, 'run.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ pid: process.pid });
    expect(statSync(file).mode & 0o077).toBe(0); // it holds the database's password
    claim.release();
    expect(() => statSync(file)).toThrow('ENOENT');
  });

  it('gives its addresses to commands without settings', () => {
    record(other.pid, { DATABASE_URL: 'postgres://started' });
    expect(runningEnvironment({ HOME: '/home' }, folder)).toEqual({
      HOME: '/home',
      DATABASE_URL: 'postgres://started',
    });
  });

  it("gives commands the mirror's settings that it was started with, and no secret", () => {
    const lent = { SYNC_INTERVAL: '1h', SYNC_SKIP: 'labels' };
    const env = { ...lent, SYNC_FRESH_FOR: '', SYNC_API_TOKEN: 'a long enough token', PATH: '/bin' };
    expect(settingsToLend(env)).toEqual(lent);
  });

  it.each(['DATABASE_URL', 'TEMPORAL_ADDRESS', 'GITHUB_APP_ID'])('gives nothing if %s is set', (name) => {
    record(other.pid, { DATABASE_URL: 'postgres://started' });
    expect(runningEnvironment({ [name]: 'mine' }, folder)).toEqual({ [name]: 'mine' });
  });

  it('gives its servers to commands that read the same .env, and to no other App', () => {
    const started = {
      DATABASE_URL: 'postgres://started',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      GITHUB_APP_ID: '12',
    };
    record(other.pid, started);
    const env = { GITHUB_APP_ID: '12', GITHUB_APP_PRIVATE_KEY: 'key', GITHUB_WEBHOOK_SECRET: 'secret' };
    expect(runningEnvironment(env, folder)).toEqual({ ...env, ...started });
    for (const others of [
      { ...env, GITHUB_APP_ID: '13' },
      { ...env, DATABASE_URL: 'postgres://mine' },
      { GITHUB_WEBHOOK_SECRET: 'secret' },
      { GITHUB_API_URL: 'https://github.acme.com/api/v3' },
    ])
      expect(runningEnvironment(others, folder)).toEqual(others);
  });

  it('is named by doctor if its settings differ from the given ones', async () => {
    mkdirSync(join(folder, '.data'));
    const started = { DATABASE_URL: 'postgres://started', GITHUB_APP_ID: '12' };
    const content = JSON.stringify({ pid: other.pid, children: [], environment: started });
    writeFileSync(join(folder, '.data', 'run.json'), content);
    const own = { GITHUB_APP_ID: '13', GITHUB_WEBHOOK_SECRET: 'of-thirteen' };
    const { code, output } = await runProgram('env', ['-C', folder, process.execPath, DOCTOR], own);
    expect(code).toBe(1);
    expect(output).toContain(
      'they differ from those of the npm start running in this folder: GITHUB_APP_ID (13, there 12). ',
    );
    expect(output).not.toContain('of-thirteen');
  });

  it('gives nothing once it has ended', () => {
    record(2 ** 22 + 1, { DATABASE_URL: 'postgres://started' });
    expect(runningEnvironment({}, folder)).toEqual({});
  });

  it('identifies a process by its command', () => {
    expect(commandOf(other.pid ?? 0)).toContain('standalone/start.ts');
    expect(commandOf(-1)).toBeUndefined();
  });
});
