import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache-folder.ts';
import type { Say } from './say.ts';
import { sayStillBusy } from './say.ts';

const VERSION = '1.8.2';
const MODULE = fileURLToPath(new URL('temporal-cli', import.meta.url));
const PACKAGE = 'github.com/temporalio/cli/cmd/temporal';

/** Where the build is kept: another version, other checksums or another machine get a file of their own. */
export function builtTemporalPath(env: NodeJS.ProcessEnv = process.env): string {
  const sum = createHash('sha256')
    .update(readFileSync(join(MODULE, 'go.sum')))
    .digest('hex')
    .slice(0, 8);
  const exe = process.platform === 'win32' ? '.exe' : '';
  return join(cacheFolder(env), `temporal-${VERSION}-${sum}-${process.platform}-${process.arch}${exe}`);
}

/**
 * Builds the `temporal` program with the Go toolchain of this machine, from the pinned `go.mod` and `go.sum`,
 * and moves it to `target` in one step, so that a second process never sees half of it.
 * About six CPU minutes the first time.
 */
export async function buildTemporal(target: string, say: Say): Promise<void> {
  if (spawnSync('go', ['version']).status !== 0) throw new Error(NO_WAY);
  say(
    `Temporal: building the \`temporal\` program ${VERSION} with Go, once: 3 to 6 minutes, kept in ${target}`,
  );
  mkdirSync(dirname(target), { recursive: true });
  const unfinished = `${target}.${process.pid}`;
  const done = sayStillBusy(say, 'Temporal: still building');
  const go = spawn(
    'go',
    ['build', '-mod=readonly', '-trimpath', '-ldflags', '-s -w', '-o', unfinished, PACKAGE],
    {
      cwd: MODULE,
      // The project may lie in a Go workspace, or in no repository that Go could read a version from.
      env: {
        ...process.env,
        GOWORK: 'off',
        GOFLAGS: `${process.env['GOFLAGS'] ?? ''} -buildvcs=false`.trim(),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let complaint = '';
  go.stderr.on('data', (data: Buffer) => (complaint = (complaint + data.toString()).slice(-2_000)));
  const code = await new Promise<number | null>((resolve) => go.on('close', resolve));
  done();
  if (code !== 0) {
    rmSync(unfinished, { force: true });
    throw new Error(`Building Temporal failed (go build, exit code ${code}):\n${complaint}\n${ADVICE}`);
  }
  renameSync(unfinished, target);
  say('Temporal: built');
}

const ADVICE =
  'Other ways: install the `temporal` program (https://docs.temporal.io/cli) so that it is on the PATH, ' +
  'or set TEMPORAL_ADDRESS to a Temporal server that is running.';
const NO_WAY = `No Temporal server: no \`temporal\` program on the PATH, no download, and no Go toolchain (https://go.dev/dl) to build it with. ${ADVICE}`;
