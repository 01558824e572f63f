import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { reasonOf } from '../process/reason-of.ts';

/** The file cannot be written; nothing was changed. */
export class EnvFileError extends Error {
  override name = 'EnvFileError';
}

/** The names that `temporary` makes. */
const TEMPORARY = /^\.env\.[0-9a-f]{12}$/;
/** Longer than it takes to write any file. */
const WRITING_MS = 60_000;

/** Settings that the file already has with other values. */
export function conflictsIn(folder: string, values: Readonly<Record<string, string>>): string[] {
  const there = parseEnv(read(folder));
  return Object.keys(values).filter((name) => {
    const value = there[name]?.trim() ?? '';
    return value !== '' && value !== values[name];
  });
}

/**
 * Sets these in `.env` and leaves its other lines alone; an empty setting is filled in where it is. Written to
 * a new file that then replaces the old one, so it is never half written; only its user can read it.
 *
 * @throws EnvFileError
 */
export function writeEnvFile(folder: string, values: Readonly<Record<string, string>>): void {
  const left = new Map(Object.entries(values));
  const lines = read(folder).split('\n');
  if (lines.at(-1) === '') lines.pop();
  const kept: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const [, name = '', rest = ''] = /^\s*(?:export\s+)?([A-Z_][A-Z0-9_]*)\s*=\s*(.*)$/.exec(line) ?? [];
    const value = name in values ? values[name] : undefined;
    const end = endOf(lines, at, rest);
    if (value === undefined) kept.push(...lines.slice(at, end + 1));
    else if (left.delete(name) && value !== '') kept.push(`${name}=${quoted(value)}`);
    at = end;
  }
  for (const [name, value] of left) if (value !== '') kept.push(`${name}=${quoted(value)}`);
  replaceFile(folder, '.env', `${kept.join('\n')}\n`);
}

/**
 * Writes a file that only its user can read, and then what `write` writes; if that fails, a new file is removed
 * again.
 *
 * @throws EnvFileError, and what `write` throws
 */
export function withPrivateFile(folder: string, name: string, content: string, write: () => void): void {
  const isNew = !existsSync(join(folder, name));
  replaceFile(folder, name, content);
  try {
    write();
  } catch (error) {
    if (isNew) rmSync(join(folder, name), { force: true });
    throw error;
  }
}

/** Whether the file could be written. Removes what a killed process left. @throws EnvFileError */
export function assertWritable(folder: string): void {
  const probe = temporary(folder);
  try {
    removeLeftovers(folder);
    closeSync(openSync(probe, 'wx', 0o600));
    rmSync(probe);
  } catch (error) {
    throw unwritable(folder, error);
  }
}

function read(folder: string): string {
  const file = join(folder, '.env');
  try {
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  } catch (error) {
    throw new EnvFileError(`${file} cannot be read: ${reasonOf(error)}`);
  }
}

function replaceFile(folder: string, name: string, text: string): void {
  const beside = temporary(folder);
  try {
    const file = openSync(beside, 'wx', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, join(folder, name));
  } catch (error) {
    rmSync(beside, { force: true });
    throw unwritable(folder, error, name);
  }
}

/** They contain secrets. One that another process is writing is left alone. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder).filter((one) => TEMPORARY.test(one))) {
    const file = join(folder, name);
    const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? {};
    if (mtimeMs !== undefined && Date.now() - mtimeMs > WRITING_MS) rmSync(file, { force: true });
  }
}

function temporary(folder: string): string {
  return join(folder, `.env.${randomBytes(6).toString('hex')}`);
}

function unwritable(folder: string, error: unknown, name = '.env'): EnvFileError {
  return new EnvFileError(`${join(folder, name)} cannot be written: ${reasonOf(error)}`);
}

/** The last line of a quoted value that spans several. */
function endOf(lines: readonly string[], from: number, rest: string): number {
  const quote = /^["'`]/.exec(rest)?.[0];
  if (quote === undefined || rest.indexOf(quote, 1) > 0) return from;
  const end = lines.findIndex((line, at) => at > from && line.includes(quote));
  return end === -1 ? from : end;
}

/** In the form that Node and docker compose read; newlines as `\n`, which the settings accept. */
function quoted(value: string): string {
  const line = value
    .trim()
    .replaceAll('\r', '')
    .replaceAll('\n', String.raw`\n`);
  if (/^[\w.:/@+=,-]*$/.test(line)) return line;
  const quote = ["'", '"', '`'].find((sign) => !line.includes(sign));
  if (quote === undefined) throw new EnvFileError('a value contains every kind of quote');
  return `${quote}${line}${quote}`;
}
