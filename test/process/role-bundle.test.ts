import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'github-auto-sync-roles-'));
  for (const part of ['src', 'package.json', 'package-lock.json'])
    await cp(join(root, part), join(folder, part), { recursive: true });
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await run(process.execPath, ['src/bundle-roles.ts'], { cwd: folder });
  const bundle = join(folder, '.build/roles/api-run-api.js');
  await writeFile(bundle, `${await readFile(bundle, 'utf8')}\nconsole.log('out of the bundle');\n`);
});
afterAll(() => rm(folder, { recursive: true }));

/** Starts the API without any setting, so that it ends at once; gives what it printed. */
async function startApi(env: Record<string, string> = {}): Promise<{ stdout: string; stderr: string }> {
  const options = { cwd: folder, env: { PATH: process.env['PATH'], ...env } };
  return run(process.execPath, ['src/api/server.ts'], options).then(
    () => ({ stdout: '', stderr: 'it runs' }),
    (error: { stdout: string; stderr: string }) => error,
  );
}

it('loads a role without the type stripper once the compile cache is filled', async () => {
  const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: '.build/compile-cache' };
  const { stdout } = await run(process.execPath, ['src/fill-compile-cache.ts'], { cwd: folder, env });
  // It runs no role, which would tell of its settings.
  expect(stdout).toBe('out of the bundle\n');
  const tell = `process.on('exit',()=>console.log(process.moduleLoadList.filter((one)=>one.includes('amaro'))))`;
  const flags = [`--import=data:text/javascript,${tell}`, 'src/api/server.ts'];
  const started = run(process.execPath, flags, { cwd: folder, env });
  await expect(started).rejects.toMatchObject({ stdout: 'out of the bundle\n[]\n' });
});

it('bundles text of which every character takes V8 one byte', async () => {
  const bundles = join(folder, '.build/roles');
  const files = (await readdir(bundles)).filter((name) => name.endsWith('.js'));
  expect(files).toContain('api-run-api.js');
  for (const file of files) {
    const text = await readFile(join(bundles, file), 'latin1');
    expect({ file, others: text.match(/.{0,20}[^\n\r\t -~].{0,20}/g) }).toEqual({ file, others: null });
  }
});

it('runs the roles from the bundle until one of its source files changes', async () => {
  const bundled = await startApi();
  expect(bundled.stdout).toBe('out of the bundle\n');
  expect(bundled.stderr).toContain('DATABASE_URL');
  // Known as a fault of the settings, which is told without a stack trace.
  expect(bundled.stderr).not.toContain('    at ');

  const watched = await startApi({ WATCH_REPORT_DEPENDENCIES: '1' });
  expect(watched).toMatchObject({ stdout: '', stderr: bundled.stderr });

  await appendFile(join(folder, 'src/config.ts'), '\nexport const planted = true;\n');
  expect(await startApi()).toMatchObject({ stdout: '', stderr: bundled.stderr });
});
