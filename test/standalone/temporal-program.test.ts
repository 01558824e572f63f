import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { builtTemporalPath } from '../../src/standalone/temporal-build.ts';
import { findTemporal, type TemporalPlaces } from '../../src/standalone/temporal-program.ts';

const print = (): void => undefined;

function program(path: string, exitCode = 0): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho temporal version 1.8.2\nexit ${exitCode}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('the search for a temporal program', () => {
  let folder: string;
  let places: TemporalPlaces;
  let steps: string[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'temporal-program-test-'));
    steps = [];
    places = {
      env: { PATH: join(folder, 'path') },
      sdkDownload: join(folder, 'download', 'temporal'),
      built: join(folder, 'cache', 'temporal'),
      download: () => {
        steps.push('download');
        return Promise.resolve(false);
      },
      build: (target) => {
        steps.push('build');
        program(target);
        return Promise.resolve();
      },
    };
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('prefers the PATH, then the download of the SDK, then an earlier build', async () => {
    program(places.built);
    expect(await findTemporal(print, places)).toBe(places.built);
    program(places.sdkDownload);
    expect(await findTemporal(print, places)).toBe(places.sdkDownload);
    const onPath = program(join(folder, 'path', 'temporal'));
    expect(await findTemporal(print, places)).toBe(onPath);
    expect(steps).toEqual([]);
  });

  it('skips a program that does not run', async () => {
    program(join(folder, 'path', 'temporal'), 1);
    program(places.built);
    expect(await findTemporal(print, places)).toBe(places.built);
  });

  it('downloads before it builds', async () => {
    expect(await findTemporal(print, places)).toBe(places.built);
    expect(steps).toEqual(['download', 'build']);
    steps = [];
    const lucky = { ...places, built: join(folder, 'other'), download: () => Promise.resolve(true) };
    expect(await findTemporal(print, lucky)).toBe(places.sdkDownload);
    expect(steps).toEqual([]);
  });

  it("keeps the build in the user's cache folder, under a name that identifies it", () => {
    const path = builtTemporalPath({ XDG_CACHE_HOME: '/cache' });
    expect(path).toMatch(/^\/cache\/github-auto-sync\/temporal-1\.8\.2-[0-9a-f]{8}-/);
    expect(path).toContain(`${process.platform}-${process.arch}`);
  });
});
