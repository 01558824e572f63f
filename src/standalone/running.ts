import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { commandOf } from './process-command.ts';

/** Where `npm start` keeps everything; ignored by git. Delete it to start afresh. */
export const DATA_FOLDER = '.data';

const running = z.object({
  pid: z.number(),
  /** The supervisors of its servers, in case it was killed while they are still ending. */
  children: z.array(z.number()),
  /**
   * Variables that let other commands reach what is running. Contains secrets: only its user can read the file.
   */
  environment: z.record(z.string(), z.string()),
});

type Running = z.output<typeof running>;

/** The claim on the folder, which lets only one `npm start` at a time work in it. */
export interface Claim {
  write(changes: Partial<Running>): void;
  release(): void;
}

/** Records that this folder's `npm start` is running, and its addresses. */
export class AlreadyRunningError extends Error {
  override name = 'AlreadyRunningError';
  constructor(pid: number) {
    super(`npm start already runs in this folder (process ${pid}). Stop it with Ctrl-C, or: kill ${pid}`);
  }
}

/**
 * The mirror's settings in the environment of `npm start`: a command with other settings would check the wrong
 * thing.
 */
export function settingsToLend(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = [
    'SYNC_INTERVAL',
    'SYNC_FRESH_FOR',
    'SYNC_VERIFY_INTERVAL',
    'SYNC_DELIVERY_LOG_INTERVAL',
    'SYNC_SKIP',
  ];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}

/**
 * The environment, completed with the addresses of the `npm start` running in `folder`: for commands without
 * settings of their own, or with those of the same `.env`. Any other setting of the product in `env` means that
 * the user has another set-up in mind, and nothing is added.
 */
export function runningEnvironment(env: NodeJS.ProcessEnv, folder = DATA_FOLDER): NodeJS.ProcessEnv {
  const start = compareWithStart(env, folder);
  return start === null || start.differing.length > 0 ? env : { ...env, ...start.environment };
}

/** How `env` differs from the `npm start` running in `folder`: names of settings; null if none is running. */
export function compareWithStart(
  env: NodeJS.ProcessEnv,
  folder = DATA_FOLDER,
): { environment: Record<string, string>; differing: string[] } | null {
  const isSetting = /^(GITHUB_(APP_|API_URL|WEBHOOK_)|DATABASE_URL|TEMPORAL_ADDRESS)/;
  const given = Object.entries(env).filter(([name, value]) => isSetting.test(name) && value);
  const found = readRunning(join(folder, 'run.json'));
  if (!found || !isStart(found.pid)) return null;
  const { environment } = found;
  // What it omits about a real App is the same if the App is.
  const appId = environment['GITHUB_APP_ID'];
  const sameApp = appId !== undefined && env['GITHUB_APP_ID'] === appId;
  const isOther = ([name, value]: [string, string | undefined]): boolean =>
    name in environment ? environment[name] !== value : !(sameApp && name.startsWith('GITHUB_'));
  return { environment, differing: given.filter(isOther).map(([name]) => name) };
}

/** Claims the folder; waits until the servers of a killed start have ended. */
export async function claimFolder(folder: string, print: (line: string) => void): Promise<Claim> {
  const file = join(folder, 'run.json');
  const former = readRunning(file);
  if (former && former.pid !== process.pid && isStart(former.pid)) throw new AlreadyRunningError(former.pid);
  if (former) await untilGone(former.children, print);
  let state: Running = { pid: process.pid, children: [], environment: {} };
  const save = (): void => {
    mkdirSync(dirname(file), { recursive: true });
    // A new file that replaces the old one: never half written, and never with an older file's open
    // permissions.
    rmSync(`${file}.new`, { force: true });
    writeFileSync(`${file}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  };
  save();
  return {
    write: (changes) => {
      state = { ...state, ...changes };
      save();
    },
    release: () => rmSync(file, { force: true }),
  };
}

function readRunning(file: string): Running | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return running.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined; // half written, or by another version: ignored
  }
}

function isStart(pid: number): boolean {
  return commandOf(pid)?.includes('standalone/start.ts') ?? false;
}

async function untilGone(children: number[], print: (line: string) => void): Promise<void> {
  const alive = (): number[] => children.filter((pid) => commandOf(pid)?.includes('supervise.ts'));
  if (alive().length === 0) return;
  print('Waiting for the servers of an earlier start to stop');
  for (let waited = 0; alive().length > 0 && waited < 30_000; waited += 200) await sleep(200);
  for (const pid of alive()) process.kill(-pid, 'SIGKILL');
}
