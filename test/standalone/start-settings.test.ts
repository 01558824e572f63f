import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from '../../src/config.ts';
import { allocator, compileCache, nodeFlags } from '../../src/standalone/node-flags.ts';
import { startSettings } from '../../src/standalone/start-settings.ts';

const key = generateKeyPairSync('rsa', { modulusLength: 1024 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const app = { GITHUB_APP_ID: '7', GITHUB_APP_PRIVATE_KEY: key, GITHUB_WEBHOOK_SECRET: 'a secret' };

function faultsOf(env: NodeJS.ProcessEnv): string {
  try {
    startSettings(env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return '';
}

describe('the choice of what npm start starts', () => {
  it('includes the sandbox and both servers if nothing is set', () => {
    expect(startSettings({})).toMatchObject({
      sandbox: true,
      databaseUrl: undefined,
      temporalAddress: undefined,
      sandboxLifeMs: 4_000,
    });
  });

  it('treats empty variables as unset', () => {
    expect(startSettings({ GITHUB_APP_ID: ' ', DATABASE_URL: '', SANDBOX_LIFE: 'off' })).toMatchObject({
      sandbox: true,
      sandboxLifeMs: 0,
    });
  });

  it('omits the sandbox if an App is set', () => {
    expect(startSettings(app)).toMatchObject({ sandbox: false, databaseUrl: undefined });
  });

  it.each([
    ['the id', { GITHUB_APP_ID: '7' }],
    ['the slug', { GITHUB_APP_SLUG: 'mine' }],
    ['the secret', { GITHUB_WEBHOOK_SECRET: 'a secret' }],
    ['the address of an Enterprise Server', { GITHUB_API_URL: 'https://github.example/api/v3' }],
  ])('rejects half an App, with only %s set', (_what, env) => {
    expect(faultsOf(env)).toMatch(/GITHUB_APP_(ID|PRIVATE_KEY)/);
  });

  it.each(['DATABASE_URL', 'TEMPORAL_ADDRESS'])('never combines invented data with a real %s', (name) => {
    const faults = faultsOf({ [name]: 'postgres://localhost:5432/mine' });
    expect(faults).toContain('GITHUB_APP_ID');
    expect(faults).toContain(
      'the sandbox GitHub runs only while DATABASE_URL and TEMPORAL_ADDRESS are unset',
    );
  });

  it('lists every fault at once', () => {
    const faults = faultsOf({ ...app, PORT: 'x', SYNC_INTERVAL: 'often', SANDBOX_LIFE: 'sometimes' });
    for (const name of ['PORT', 'SYNC_INTERVAL', 'SANDBOX_LIFE']) expect(faults).toContain(`- ${name}: `);
  });
});

it.each(['package.json', 'Dockerfile'])('names the folder of the compile cache in %s', (file) => {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const folders = [...text.matchAll(/NODE_COMPILE_CACHE=(\S+)/g)].map(([, folder = '']) => folder);
  expect(folders.length).toBeGreaterThan(0);
  for (const folder of folders) {
    expect(resolve(fileURLToPath(new URL('../..', import.meta.url)), folder.replace(/^\/app\//, ''))).toBe(
      compileCache.NODE_COMPILE_CACHE,
    );
  }
});

it.each([
  { file: 'package.json', processes: 2 },
  { file: 'Dockerfile', processes: 1 },
])("limits the allocator's arenas in $file as npm start does", ({ file, processes }) => {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const given = [...text.matchAll(/MALLOC_ARENA_MAX=(\d+)/g)].map(([, places]) => places);
  expect(given).toEqual(Array.from({ length: processes }, () => allocator.MALLOC_ARENA_MAX));
});

it.each([
  { role: 'api', entry: 'api/server.ts', file: 'package.json' },
  { role: 'api', entry: 'api/server.ts', file: 'docker-compose.yml' },
  { role: 'api', entry: 'api/server.ts', file: 'Dockerfile' },
  { role: 'worker', entry: 'worker.ts', file: 'package.json' },
  { role: 'worker', entry: 'worker.ts', file: 'docker-compose.yml' },
] as const)('runs the $role with the flags of Node that $file gives it', ({ role, entry, file }) => {
  const lines = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8').split('\n');
  const command = lines.find((line) => new RegExp(`node.*[ "]src/${entry}`).test(line)) ?? '';
  expect(command.match(/--m\w+-semi[\w-]+=\d+/g)).toEqual([...nodeFlags[role]]);
});
