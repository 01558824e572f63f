import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'github-auto-sync-build-'));
  await mkdir(join(folder, 'src/worker'), { recursive: true });
  for (const part of [
    'src/workflows',
    'src/activities',
    'src/errors.ts',
    'src/jitter.ts',
    'src/worker/build.ts',
    'src/worker/workflow-bundle.ts',
    'package.json',
    'package-lock.json',
  ]) {
    await cp(join(root, part), join(folder, part), { recursive: true });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Builds, and gives the names of all bundles that are there. */
async function build(): Promise<string[]> {
  await promisify(execFile)(process.execPath, ['src/worker/build.ts'], { cwd: folder });
  return readdir(join(folder, '.build'));
}

it('is built once for the same sources, and again for others: a stale one is never run', async () => {
  const [first, ...others] = await build();
  expect(others).toEqual([]);
  expect(first).toMatch(/^workflows-[0-9a-f]{16}\.js$/);
  const path = join(folder, '.build', first ?? '');
  const { mtimeMs } = await stat(path);
  expect(await build()).toEqual([first]);
  expect((await stat(path)).mtimeMs).toBe(mtimeMs);

  await appendFile(join(folder, 'src/workflows/messages.ts'), `\nexport const planted = 'a new source';\n`);
  const [fresh, ...stale] = await build();
  expect(fresh).not.toBe(first);
  expect(stale).toEqual([]);
  expect(await readFile(join(folder, '.build', fresh ?? ''), 'utf8')).toContain('a new source');
});

it('takes V8 one byte a character, and has a map without the sources', async () => {
  const [name = ''] = await build();
  const text = await readFile(join(folder, '.build', name), 'latin1');
  expect(text).not.toMatch(/[^\n\r\t -~]/);
  const map = /\n\/\/# sourceMappingURL=data:[^,]*base64,(\S+)\s*$/.exec(text)?.[1] ?? '';
  const { sources, mappings, ...rest } = JSON.parse(Buffer.from(map, 'base64').toString());
  expect(sources).toContainEqual(expect.stringContaining('src/workflows/messages.ts'));
  expect(mappings).not.toBe('');
  expect(rest).not.toHaveProperty('sourcesContent');
});
