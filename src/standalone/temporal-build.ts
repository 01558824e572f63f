import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startChild, type Child } from './child.ts';
import { commandOf } from './process-command.ts';
import { cacheFolder } from './cache-folder.ts';
import { printStillBusy, type Print, type Progress } from './print.ts';

const VERSION = '1.8.2';
const MODULE = fileURLToPath(new URL('temporal-cli', import.meta.url));
const PACKAGE = 'github.com/temporalio/cli/cmd/temporal';

/** Where the build is cached: each version, set of checksums and machine type has its own file. */
export function builtTemporalPath(env: NodeJS.ProcessEnv = process.env): string {
  const sum = createHash('sha256')
    .update(readFileSync(join(MODULE, 'go.sum')))
    .digest('hex')
    .slice(0, 8);
  const exe = process.platform === 'win32' ? '.exe' : '';
  return join(cacheFolder(env), `temporal-${VERSION}-${sum}-${process.platform}-${process.arch}${exe}`);
}

/**
 * Builds the `temporal` program with this machine's Go toolchain, from the pinned `go.mod` and `go.sum`, and
 * moves it to `target` atomically. A second process that needs it meanwhile waits for the first. It takes about
 * six CPU minutes the first time.
 */
export async function buildTemporal(target: string, print: Print): Promise<void> {
  if (spawnSync('go', ['version']).status !== 0) throw new Error(NO_WAY);
  mkdirSync(dirname(target), { recursive: true });
  const lock = `${target}.building`;
  while (!takeLock(lock)) {
    print('Temporal: another process is building it, waiting');
    await sleep(5_000);
  }
  try {
    if (!existsSync(target)) await build(target, print);
  } finally {
    rmSync(lock, { force: true });
  }
}

async function build(target: string, print: Print): Promise<void> {
  const unfinished = `${target}.${process.pid}`;
  const what = 'Temporal: building it with Go, once, 3 to 10 minutes';
  const progress: Progress = { what };
  print(
    `Temporal: building the \`temporal\` program ${VERSION} with Go (once, 3 to 10 minutes, cached in ${target})`,
    progress,
  );
  const done = printStillBusy((line) => print(line, progress), 'Temporal: still building');
  const total = await countPackages();
  let built = 0;
  const go = startGo(['build', '-v', '-mod=readonly', '-ldflags', '-s -w', '-o', unfinished, PACKAGE], () => {
    // One line per package; those of an earlier build are not included.
    built += 1;
    progress.share = { done: built, total: Math.max(total, built) };
    progress.what = `${what}: package ${built} of ${progress.share.total}`;
  });
  const code = await go.exited;
  done();
  if (code !== 0) {
    rmSync(unfinished, { force: true });
    throw new Error(`Building Temporal failed (exit code ${code}):\n${go.lastLines().join('\n')}\n${ADVICE}`);
  }
  renameSync(unfinished, target);
  print(`Temporal: built, cached in ${target}`);
}

/** How many packages it consists of; 0 if Go cannot tell: then the build reports why. */
async function countPackages(): Promise<number> {
  let packages = 0;
  await startGo(['list', '-mod=readonly', '-deps', PACKAGE], () => (packages += 1)).exited;
  return packages;
}

function startGo(args: string[], onLine: (line: string) => void): Child {
  return startChild({
    name: 'go',
    program: 'go',
    args,
    cwd: MODULE,
    // The project may be in a Go workspace, or outside any repository from which Go could read a version.
    env: { ...process.env, GOWORK: 'off', GOFLAGS: `${process.env['GOFLAGS'] ?? ''} -buildvcs=false`.trim() },
    onLine,
  });
}

/** Whether the lock is ours now; one whose owner has died is taken over. */
function takeLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch {
    const owner = existsSync(lock) ? readFileSync(lock, 'utf8') : '';
    if (commandOf(Number(owner)) !== undefined) return false;
    rmSync(lock, { force: true });
    return takeLock(lock);
  }
}

const ADVICE =
  'Other ways: install the `temporal` program (https://docs.temporal.io/cli) so that it is on the PATH, ' +
  'or set TEMPORAL_ADDRESS to a Temporal server that is running.';
const NO_WAY = `No Temporal server: no \`temporal\` program on the PATH, no download, and no Go toolchain (https://go.dev/dl) to build it with. ${ADVICE}`;
