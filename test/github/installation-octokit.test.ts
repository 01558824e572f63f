import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createSandbox, type Sandbox } from '../../sandbox/index.ts';
import { createInstallationOctokit, type Refused } from '../../src/github/session/installation-octokit.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

let sandbox: Sandbox;
let app: App;
let installationId: number;
beforeAll(async () => {
  sandbox = await createSandbox();
  sandbox.control.createAccount({ login: 'acme', type: 'Organization' });
  installationId = sandbox.control.install({ account: 'acme' }).id;
  const { appId, privateKey, url } = sandbox;
  app = new App({ appId, privateKey, Octokit: Octokit.defaults({ baseUrl: url }) });
});
afterAll(() => sandbox.close());

it.each<[after: string, refused: Refused, age: number, mints: number]>([
  ['no refusal', null, 49 * MINUTE, 0],
  ['no refusal, an hour being nearly over', null, 51 * MINUTE, 1],
  ['a 401 while GitHub spreads it', 'unauthorized', 4 * SECOND, 0],
  ['a 401', 'unauthorized', 6 * SECOND, 1],
  ['a 403 of one that has the permissions of now', 'forbidden', 59 * SECOND, 0],
  ['a 403 of one that may lack a permission', 'forbidden', 61 * SECOND, 1],
])('asks for another token only where it may help: after %s', async (_after, refused, age, mints) => {
  const mintedAt = new Map<number, number>();
  const credentials = createInstallationOctokit(app, installationId, mintedAt);
  await credentials.authenticate();
  mintedAt.set(installationId, Date.now() - age);
  sandbox.control.resetStats({});
  await credentials.octokit(refused);
  await credentials.octokit(null);
  const route = 'POST /app/installations/:installation_id/access_tokens';
  expect(sandbox.control.stats().byRoute[route] ?? 0).toBe(mints);
});
