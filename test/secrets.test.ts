import { createHmac, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seedWorld } from '../sandbox/seed/seed-world.ts';
import { runProgram } from './scenarios/run-program.ts';
import { readHistories } from './support/histories.ts';
import { startStack, type Stack } from './support/stack.ts';

const WEBHOOK_SECRET = 'planted-webhook-secret-5f1c';
const API_TOKEN = 'planted-api-token-93ab77';
const BODY = 'planted-body-marker-c0ffee';
const PASSWORD = 'planted-database-password-7e1d';
const API_KEY = 'planted-temporal-api-key-40aa';

let stack: Stack;
/** Everything that the product said to anybody, by where. */
const said = new Map<string, string>();
/** What must be in none of it, by what it is. */
const secrets = new Map<string, string>([
  ['the webhook secret', WEBHOOK_SECRET],
  ['the API token', API_TOKEN],
  ['a body', BODY],
  ['the password of the database', PASSWORD],
  ["Temporal's API key", API_KEY],
]);

const authorized = { authorization: `Bearer ${API_TOKEN}` };

async function ask(path: string, init: RequestInit = {}): Promise<string> {
  const answer = await fetch(stack.url + path, init);
  const text = await answer.text();
  said.set(`${init.method ?? 'GET'} ${path}: ${answer.status}`, text);
  return text;
}

function post(body: string, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-github-delivery': randomUUID(), ...headers },
  };
}

function signed(body: string, event: string): RequestInit {
  const signature = createHmac('sha256', WEBHOOK_SECRET).update(body).digest('hex');
  return post(body, { 'x-github-event': event, 'x-hub-signature-256': `sha256=${signature}` });
}

async function sweepByHttp(): Promise<void> {
  const answer = await ask('/api/sync/periodic/', { method: 'POST', headers: authorized });
  expect(answer).toContain('run_id');
  await stack.until('the sweep to end', async () => {
    const rows = await stack.query(
      `select 1 from sync_jobs where job_type = 'periodic_sweep' and finished_at is not null`,
    );
    return rows.length > 0;
  });
}

/** A day in the life: an import, deliveries, faults of GitHub's, a database that goes away, questions and forgeries. */
async function play(): Promise<void> {
  const { world, control } = stack.sandbox;
  world.silently(() => seedWorld(world, { scale: 0.01 }));
  const [silent] = world.state.installations.values();
  control.uninstall({ id: silent?.id ?? 0 });
  control.addFault({ action: { kind: 'status', status: 502 }, match: 'graphql', times: 2 });
  control.addFault({ action: { kind: 'garble' }, match: '/commits|/branches', times: 1 });
  control.install({ account: 'octo-sandbox' });
  await stack.quiet();
  const repository = control.createRepository({ owner: 'octo-sandbox', name: 'planted' });
  control.addFault({ action: { kind: 'status', status: 401 }, times: 1 });
  control.openIssue({ repo: 'octo-sandbox/planted', title: `About ${BODY}`, body: `It says ${BODY}` });
  control.push({ repo: 'octo-sandbox/planted', commits: [{ message: `Commit ${BODY}` }] });
  await stack.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  await stack.quiet();
  await ask(`/api/sync/repository/${repository.id}/?wait=true`, { method: 'POST', headers: authorized });
  await ask('/api/sync/repository/999999/?wait=true', { method: 'POST', headers: authorized });
  await ask('/api/sync/installation/999999/?wait=true', { method: 'POST', headers: authorized });
  await sweepByHttp();
}

/** What a stranger or a broken sender sends. */
async function provoke(): Promise<void> {
  const hook = '/api/github/webhook/';
  await ask(`${hook}?a`, post(`{"text":"${BODY}"}`, { 'x-github-event': 'issues' }));
  await ask(
    `${hook}?b`,
    post(`{"text":"${BODY}"}`, { 'x-hub-signature-256': 'sha256=00', 'x-github-event': 'push' }),
  );
  await ask(`${hook}?c`, signed(`not JSON ${BODY}`, 'issues'));
  await ask(`${hook}?d`, signed(`{"issue":{"title":"${BODY}"}}`, 'issues'));
  await ask(
    `${hook}?e`,
    signed(`{"action":"opened","issue":{"id":1,"body":["${BODY}"]},"repository":{"id":7}}`, 'issues'),
  );
  await ask('/api/sync/jobs/', { headers: { authorization: 'Bearer wrong' } });
  await ask('/api/sync/jobs/?limit=none', { headers: authorized });
  await ask('/api/sync/jobs/', { headers: authorized });
  await ask('/api/sync/health/', { headers: authorized });
}

/** What people run, with settings that are wrong in each way. */
async function runCommands(): Promise<void> {
  const wrongPassword = new URL(stack.databaseUrl);
  wrongPassword.password = PASSWORD;
  const every = ['commands/doctor', 'commands/sync', 'db/migrate', 'api/server', 'worker'];
  const tried: [names: string[], wrong: Record<string, string>][] = [
    [['commands/doctor'], {}],
    [every, { DATABASE_URL: wrongPassword.href }],
    [['worker'], { DATABASE_URL: `postgres://nobody:${PASSWORD}@[none/none`, GITHUB_API_URL: 'none' }],
    [
      ['commands/doctor'],
      { GITHUB_API_URL: 'http://127.0.0.1:1', TEMPORAL_ADDRESS: '127.0.0.1:1', TEMPORAL_API_KEY: API_KEY },
    ],
    [['commands/doctor'], { GITHUB_APP_PRIVATE_KEY: stack.sandbox.privateKey.slice(0, 400) }],
  ];
  for (const { name, wrong } of tried.flatMap(([names, wrong]) => names.map((name) => ({ name, wrong })))) {
    const file = fileURLToPath(new URL(`../src/${name}.ts`, import.meta.url));
    const { output } = await runProgram(process.execPath, [file], { ...stack.env, ...wrong });
    said.set(`${name} with ${Object.keys(wrong).join()} ${said.size}`, output);
  }
}

async function collect(): Promise<void> {
  for (const role of ['api', 'worker'] as const) {
    for (const { port } of stack.running(role)) {
      const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
      said.set(`metrics of the ${role}`, await answer.text());
    }
  }
  for (const [run, text] of await readHistories(stack.client)) said.set(`history of ${run}`, text);
  const errors = await stack.query(
    `select error::text from sync_jobs union select sync_error from repositories union select error from webhook_deliveries`,
  );
  said.set('errors in the database', JSON.stringify(errors));
  await Promise.all([stack.kill('api', 'SIGTERM'), stack.kill('worker', 'SIGTERM')]);
  for (const file of readdirSync(stack.folder))
    said.set(file, readFileSync(join(stack.folder, file), 'utf8'));
}

beforeAll(async () => {
  stack = await startStack({
    env: { LOG_LEVEL: 'trace', SYNC_API_TOKEN: API_TOKEN },
    sandbox: { webhookSecret: WEBHOOK_SECRET },
  });
  await play();
  await provoke();
  await runCommands();
  await collect();
  for (const token of stack.sandbox.world.state.tokens.keys())
    secrets.set(`installation token ${token}`, token);
  const key = stack.sandbox.privateKey.split('\n').filter((line) => line.length > 40);
  for (const [index, line] of key.entries()) secrets.set(`line ${index} of the private key`, line);
});
afterAll(() => stack.close());

/** Where a text was said. */
function placesOf(text: string): string[] {
  return [...said].filter(([, words]) => words.includes(text)).map(([place]) => place);
}

describe("the product's output", () => {
  it('includes logs, metrics, histories, errors and answers', async () => {
    expect(secrets.size).toBeGreaterThan(20);
    expect([...secrets.values()].every((secret) => secret.length >= 16)).toBe(true);
    expect(placesOf('"level":10').join()).toMatch(/worker-.*\.log/);
    expect(placesOf('"name":"api"').join()).toMatch(/api-.*\.log/);
    expect(placesOf('password authentication failed').join()).toMatch(
      /doctor.*sync.*migrate.*server.*worker/,
    );
    // The faults were met, and spoken of.
    const log = placesOf('"name":"worker"')
      .map((place) => said.get(place))
      .join();
    expect(log).toMatch(/GITHUB_|502|terminat/);
    expect(placesOf('github_answers_total')).toEqual(['metrics of the worker']);
    expect(placesOf('"repositoryId":').join()).toContain('history of repo-sync/');
    expect(placesOf('UNAUTHORIZED').join()).toContain('GET /api/sync/jobs/: 401');
    const titles = await stack.query(`select 1 from issues where title like '%${BODY}%'`);
    expect(titles).toHaveLength(1);
  });

  it('contains no secret, token or body', () => {
    const told = [...secrets].flatMap(([what, secret]) =>
      placesOf(secret).map((place) => `${what} in ${place}`),
    );
    expect(told).toEqual([]);
  });

  it('contains no App JWT and no bearer token', () => {
    const jwt = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\./;
    expect([...said].filter(([, words]) => jwt.test(words)).map(([place]) => place)).toEqual([]);
  });
});
