import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sign } from '@octokit/webhooks-methods';
import { freePort } from '../../src/standalone/free-port.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { sendEndlessBody } from '../support/endless-body.ts';
import { privateKey } from '../support/private-key.ts';
import { startRole, type RoleProcess } from '../support/role-process.ts';
import { pushPayload } from './support.ts';

const SECRET = 'a planted secret';
const CONNECTIONS = 100;
const BODY = 24 * 1024 * 1024;

let database: TestDatabase;
let api: RoleProcess;

beforeAll(async () => {
  database = await createTestDatabase();
  const port = await freePort();
  api = await startRole('api', {
    port,
    logFile: join(tmpdir(), `api-${randomUUID()}.log`),
    env: {
      PORT: String(port),
      GITHUB_APP_ID: '1',
      GITHUB_APP_PRIVATE_KEY: privateKey,
      GITHUB_WEBHOOK_SECRET: SECRET,
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: '127.0.0.1:1',
    },
  });
});
afterAll(async () => {
  await api.kill('SIGTERM');
  await database.drop();
});

it.each([
  ['no signature', ''],
  [
    'the signature of something else',
    `X-Hub-Signature-256: sha256=${'0'.repeat(64)}\r\nX-GitHub-Event: push\r\nX-GitHub-Delivery: ${randomUUID()}\r\n`,
  ],
])('limits its memory and accepts deliveries while bodies with %s never end', async (_what, headers) => {
  await delivered(pushPayload());
  const senders = Array.from({ length: CONNECTIONS }, () => sendEndlessBody(api.port, BODY, headers));
  let peak = 0;
  const statuses = new Set<number>();
  while (senders.some(({ destroyed }) => !destroyed)) {
    // Usual ones, and a large push.
    const filler = 'x'.repeat(statuses.size === 0 ? 4_000_000 : 10_000);
    statuses.add(await delivered(pushPayload({ filler })));
    peak = Math.max(peak, residentMiB(api.pid));
    await sleep(100);
  }
  expect([...statuses]).toEqual([202]);
  // All of them would be 2,400 MiB; usual are 150 to 230.
  expect(peak).toBeLessThan(1200);
});

async function delivered(body: string): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${api.port}/api/github/webhook/`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': await sign(SECRET, body),
    },
    body,
  });
  await answer.arrayBuffer();
  return answer.status;
}

function residentMiB(pid: number): number {
  const [, kib = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}
