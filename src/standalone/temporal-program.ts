import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { buildTemporal, builtTemporalPath } from './temporal-build.ts';
import { downloadTemporal } from './temporal-download.ts';
import type { Print } from './print.ts';

/** Where to look for programs; the tests pass their own. */
export interface TemporalPlaces {
  env: NodeJS.ProcessEnv;
  /**
   * Where the SDK keeps its download (sdk-core's ephemeral_server: `<prefix>-<sdk>-<version>` under $TMPDIR).
   */
  sdkDownload: string;
  built: string;
  download: (print: Print) => Promise<boolean>;
  build: (target: string, print: Print) => Promise<void>;
}

const EXE = process.platform === 'win32' ? '.exe' : '';
const SDK_VERSION = '1.24.0';

function temporalPlaces(env: NodeJS.ProcessEnv = process.env): TemporalPlaces {
  return {
    env,
    sdkDownload: join(tmpdir(), `temporal-sdk-typescript-${SDK_VERSION}${EXE}`),
    built: builtTemporalPath(env),
    download: downloadTemporal,
    build: buildTemporal,
  };
}

/**
 * Finds the `temporal` program, or obtains it: on the PATH; the SDK's cached download; a finished build in the
 * user's cache folder; then the SDK's download; then a build through the Go module proxy (minutes, once). If
 * nothing works, it throws an error that says what to do.
 */
export async function findTemporal(print: Print, places = temporalPlaces()): Promise<string> {
  const onPath = (places.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, `temporal${EXE}`))
    .find(existsSync);
  for (const program of [onPath, places.sdkDownload, places.built]) {
    if (program === undefined || !existsSync(program)) continue;
    const version = versionOf(program);
    if (version !== undefined) {
      print(`Temporal: ${program} (${version})`);
      return program;
    }
    print(`Temporal: ${program} does not run, trying the next option`);
  }
  if (await places.download(print)) return places.sdkDownload;
  await places.build(places.built, print);
  return places.built;
}

function versionOf(program: string): string | undefined {
  const run = spawnSync(program, ['--version'], { encoding: 'utf8', timeout: 60_000 });
  return run.status === 0 ? run.stdout.trim() : undefined;
}
