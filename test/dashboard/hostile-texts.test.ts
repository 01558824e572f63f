import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { addJob } from '../api/rows.ts';
import { startDashboard, type TestDashboard } from './start-dashboard.ts';

/** What would run if a text were taken for HTML, or for an address. */
const markup = `"'><img src=x onerror="document.title='taken'"><a href="javascript:document.title='taken'">x</a>`;
/** Turns what follows around, rings a bell, ends a line, and has no place to break. */
const odd = `\u202E\u0007\u001B[31m\uFEFF\n\u2028${'W'.repeat(2000)}`;
const text = `${markup}${odd}`;
const address = `javascript:document.title='taken'//${'W'.repeat(300)}`;

let dashboard: TestDashboard;
let addresses: string[];
beforeAll(async () => {
  dashboard = await startDashboard();
  const { db } = dashboard.api;
  await sql`insert into installations (id, account_id, account_login, account_type, repository_selection, permissions,
      events, created_at) values (8, 8, ${text}, ${text}, 'all', '{}', '[]', now())`.execute(db);
  await sql`insert into repositories (id, node_id, installation_id, owner_login, name, full_name, private, visibility,
      archived, disabled, fork, default_branch, description, language, topics, created_at, updated_at, pushed_at,
      sync_status, sync_error, last_synced_at)
    values (2, ${text}, 8, ${text}, ${address}, ${`${address}/${text}`}, false, ${text}, false, false, false, ${text},
      ${text}, ${text}, ${[text, address]}, now(), now(), now(), 'error', ${`UNKNOWN: ${text}`}, now())`.execute(
    db,
  );
  const { rows } = await sql<{ id: number }>`insert into contributors (login, name, email, type, avatar_url)
    values (${address}, ${text}, ${text}, 'User', ${address}) returning id`.execute(db);
  const author = rows[0]?.id;
  await sql`insert into branches (repository_id, name, head_sha) values (2, ${text}, ${text})`.execute(db);
  await sql`insert into commits (repository_id, sha, message, author_name, author_email, author_id, committed_at, parents)
    values (2, ${'a'.repeat(40)}, ${text}, ${text}, ${text}, ${author}, now(), '{}')`.execute(db);
  await sql`insert into issues (id, repository_id, number, title, body, state, author_id, author_login, labels, assignees,
      created_at, updated_at)
    values (1, 2, 1, ${text}, ${text}, 'open', ${author}, ${text}, ${[text]}, ${[address]}, now(), now())`.execute(
    db,
  );
  await sql`insert into pull_requests (id, repository_id, number, title, body, state, author_id, author_login, labels,
      assignees, requested_reviewers, requested_teams, head_ref, head_sha, base_ref, created_at, updated_at)
    values (1, 2, 2, ${text}, ${text}, 'open', ${author}, ${text}, ${[text]}, ${[text]}, ${[text]}, ${[address]},
      ${text}, ${text}, ${text}, now(), now())`.execute(db);
  await sql`insert into webhook_deliveries (guid, event, action, installation_id, repository_id, received_at, status,
      payload, error)
    values ('00000000-0000-4000-8000-000000000001', ${text}, ${text}, 8, 2, now(), 'failed',
      ${JSON.stringify({ [text]: address })}::jsonb, ${`UNKNOWN: ${text}`})`.execute(db);
  const job = await addJob(db, { status: 'failed', installationId: 8, repositoryId: 2, workflowId: text });
  await sql`update sync_jobs set error = ${JSON.stringify({ code: 'UNKNOWN', message: text })}::jsonb`.execute(
    db,
  );
  addresses = [
    '/',
    '/installations',
    '/installations/8',
    '/repositories?installation_id=8',
    '/repositories/2',
    '/pull-requests?installation_id=8',
    '/jobs?installation_id=8',
    `/jobs/${job}`,
    '/deliveries?repository_id=2',
    '/deliveries/00000000-0000-4000-8000-000000000001',
    '/questions/most-commits-by-person',
    `/repositories?q=${encodeURIComponent(text.slice(0, 300))}`,
  ];
});
afterAll(() => dashboard.close());

/** Elements that only markup of others could have made, and links that run something. */
const TAKEN = `[...document.querySelectorAll('img[src="x"], [onerror], a')]
  .filter((one) => one.localName !== 'a' || !/^https?:$/.test(one.protocol)).map((one) => one.outerHTML.slice(0, 200))`;

it('no text of others runs, or makes a screen wider than its window', async () => {
  const { page, open, overflow, complaints } = await dashboard.signedIn();
  const faults: string[] = [];
  for (const path of addresses) {
    await open(path);
    const found: string[] = await page.evaluate(TAKEN);
    faults.push(...found.map((element) => `${path} has ${element}`));
    if ((await page.title()) === 'taken') faults.push(`${path} ran a text`);
    if (!(await page.content()).includes('WWW')) faults.push(`${path} shows none of it`);
    for (const width of [320, 1280]) {
      await page.setViewportSize({ width, height: 900 });
      const wider = await overflow();
      if (wider > 0) faults.push(`${path} is ${wider} px wider than its window of ${width}`);
    }
  }
  expect(faults).toEqual([]);
  expect(complaints).toEqual([]);
});
