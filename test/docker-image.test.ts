import { execFile } from 'node:child_process';
import { cp, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';

// The Dockerfile's steps in a folder that holds what the image's build is given, and no more. Beside the working tree, so
// that hard links make a copy of node_modules that can be pruned.
const folder = '.build/docker-image';
const run = promisify(execFile);

/** What `.dockerignore` lets in: it leaves everything out, and then names what is wanted. */
async function readContext(): Promise<string[]> {
  const [first, ...rest] = (await readFile('.dockerignore', 'utf8')).trim().split('\n');
  expect(first).toBe('*');
  return rest.map((line) => line.replace(/^!/, ''));
}

async function readSteps(): Promise<string[]> {
  const steps = (await readFile('Dockerfile', 'utf8')).matchAll(/^RUN (.+)$/gm);
  return Array.from(steps, ([, command = '']) => command).filter((command) => !command.startsWith('npm ci'));
}

async function inFolder(command: string): Promise<{ stdout: string; stderr: string; code: number }> {
  const env = { PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, NODE_ENV: 'production' };
  return run('sh', ['-c', command], { cwd: folder, env }).then(
    (ended) => ({ ...ended, code: 0 }),
    (error: { stdout: string; stderr: string; code: number }) => error,
  );
}

describe('the image', () => {
  beforeAll(async () => {
    await rm(folder, { recursive: true, force: true });
    for (const part of await readContext()) await cp(part, join(folder, part), { recursive: true });
    await run('cp', ['-al', 'node_modules', join(folder, 'node_modules')]);
    // npm writes into it in place, which the working tree's would feel.
    await rm(join(folder, 'node_modules/.package-lock.json'), { force: true });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is built from files that the build context contains', async () => {
    for (const step of await readSteps()) {
      const { code, stderr } = await inFolder(step);
      expect({ step, code, told: code === 0 ? '' : stderr }).toEqual({ step, code: 0, told: '' });
    }
  });

  it('lists the packages that it contains', async () => {
    const packages = z
      .object({ components: z.array(z.object({ name: z.string() })) })
      .parse(JSON.parse(await readFile(join(folder, 'sbom.cdx.json'), 'utf8')))
      .components.map(({ name }) => name);
    expect(packages).toEqual(expect.arrayContaining(['fastify', 'pg']));
    expect(packages).not.toContain('jest');
    expect((await inFolder('ls node_modules')).stdout).not.toMatch(/^jest$/m);
  });

  it.each(['src/api/server.ts', 'src/worker.ts', 'src/db/migrate.ts'])('runs %s', async (file) => {
    const { code, stdout, stderr } = await inFolder(`node ${file}`);
    // Without any setting it ends at once, by itself, once all it is made of was read.
    expect({ code, text: stdout + stderr }).toEqual({
      code: 1,
      text: expect.stringContaining('DATABASE_URL'),
    });
  });
});
