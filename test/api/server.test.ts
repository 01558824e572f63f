import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sign } from '@octokit/webhooks-methods';
import { freePort } from '../../src/standalone/free-port.ts';
import { adminUrl, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { privateKey } from '../support/private-key.ts';
import { pushPayload } from './support.ts';

const SERVER = fileURLToPath(new URL('../../src/api/server.ts', import.meta.url));

let database: TestDatabase;
let settings: Record<string, string>;

beforeAll(async () => {
  database = await createTestDatabase();
  settings = {
    GITHUB_APP_ID: '1',
    GITHUB_APP_PRIVATE_KEY: privateKey,
    GITHUB_WEBHOOK_SECRET: 'a planted secret',
    DATABASE_URL: database.url,
    // Temporal is away: the API starts and works without it.
    TEMPORAL_ADDRESS: '127.0.0.1:1',
  };
});
afterAll(() => database.drop());

interface Started {
  child: ChildProcess;
  output: () => string;
  exit: Promise<number | null>;
}

function start(env: Record<string, string>): Started {
  const child = spawn(process.execPath, [SERVER], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: 'pipe',
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const exit = once(child, 'close').then(() => child.exitCode);
  return { child, exit, output: () => Buffer.concat(chunks).toString() };
}

/** Waits until it answers, as long as the process takes: on a busy machine that is no matter of seconds. */
async function answers(url: string, { child, output }: Started): Promise<void> {
  while (child.exitCode === null) {
    const ok = await fetch(url)
      .then((answer) => answer.ok)
      .catch(() => false);
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`it ended at its start: ${output()}`);
}

it('starts without Temporal, accepts deliveries, and stops gracefully', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const started = start({ ...settings, PORT: String(port) });
  const { child, exit, output } = started;
  await answers(`${url}/readyz`, started);
  const body = pushPayload({ note: 'a planted body' });
  const delivery = await fetch(`${url}/api/github/webhook/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': '72d3162e-cc78-11e3-81ab-4c9367dc0958',
      'x-hub-signature-256': await sign('a planted secret', body),
    },
    body,
  });
  expect(delivery.status).toBe(202);
  const page = await fetch(url);
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(await page.text()).toContain('github-auto-sync');
  expect(await fetch(`${url}/docs/json`).then((answer) => answer.json())).toMatchObject({
    openapi: expect.any(String),
  });
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
  expect(output()).toContain('"msg":"stopped"');
  expect(output()).not.toContain('planted');
});

describe('exits with 1 and one message', () => {
  it.each([
    [
      'everything that is wrong with its settings',
      { GITHUB_APP_ID: '', PORT: 'x' },
      /GITHUB_APP_ID: .*\n.*PORT: /,
    ],
    ['an address that is open to others', { HOST: '0.0.0.0' }, /HOST: .*SYNC_API_TOKEN/],
    [
      'a database out of reach',
      { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' },
      /^PostgreSQL at DATABASE_URL does not answer: .*\n$/,
    ],
  ])('names %s', async (_what, changes, message) => {
    const { exit, output } = start({ ...settings, ...changes });
    expect(await exit).toBe(1);
    expect(output()).toMatch(message);
    expect(output()).not.toContain('planted');
  });

  it('names an older schema', async () => {
    const { exit, output } = start({ ...settings, DATABASE_URL: adminUrl() });
    expect(await exit).toBe(1);
    expect(output()).toMatch(/^the database lacks the tables of the mirror: run "npm run migrate"\n$/);
  });

  it('names a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const { exit, output } = start({ ...settings, PORT: String(port) });
    expect(await exit).toBe(1);
    expect(output()).toBe(`cannot listen on 127.0.0.1:${port}: the port is taken\n`);
    other.close();
  });
});
