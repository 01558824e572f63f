import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { addDelivery, addInstallation, addJob, addRepository, queueRepositories } from '../api/rows.ts';
import { startTestApi, type TestApi } from '../api/support.ts';
import { launchBrowser, openScreen } from './browser.ts';

const TOKEN = 'a-token-of-at-least-16';
const odd = ['<script>document.title = "taken"</script>', '🚀 rocket', 'مستودع'] as const;

let api: TestApi;
let browser: Browser;
let url: string;
beforeAll(async () => {
  [api, browser] = await Promise.all([
    startTestApi({ settings: { token: TOKEN, deliveryLogMs: 10_000 } }),
    launchBrowser(),
  ]);
  url = await api.app.listen({ port: 0, host: '127.0.0.1' });
  await addInstallation(api.db, 7);
  await addRepository(api.db, 1, { status: 'error' });
  await sql`update repositories set description = ${odd.join(' ')}, topics = ${[...odd]},
    sync_error = 'PERMISSION_MISSING: the App may not read issues of this installation'`.execute(api.db);
  await sql`insert into system_state (name, value) values ('temporal', '{"reachable": true}')`.execute(
    api.db,
  );
  await sql`insert into branches (repository_id, name, head_sha) select 1, name, repeat('a', 40)
    from unnest(${[...odd]}::text[]) name`.execute(api.db);
  await sql`insert into repositories (id, node_id, installation_id, owner_login, name, full_name, private, visibility,
      archived, disabled, fork, default_branch, created_at, updated_at, sync_status, last_synced_at)
    select n, n::text, 7, 'octo', 'many-' || n, 'octo/many-' || n, false, 'public', false, false, false, 'main', now(),
      now(), 'fresh', now() from generate_series(100, 10098) n`.execute(api.db);
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser.close();
  await api.close();
});

interface Cost {
  requests: number;
  bytes: number;
  elements: number;
}

/** What a screen took until now: what was asked for, what came over the wire, what is shown. */
const COST = `(() => {
  const asked = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
  return {
    requests: asked.length,
    bytes: asked.reduce((sum, { transferSize }) => sum + transferSize, 0),
    elements: document.querySelectorAll('*').length,
  };
})()`;

/** A thousand accounts, of which one is suspended. */
async function addManyInstallations() {
  await sql`insert into installations (id, account_id, account_login, account_type, repository_selection, permissions,
      events, created_at, suspended_at)
    select n, n, 'many-' || n, 'User', 'all', '{}', '[]', now(), case n when 1900 then now() end
    from generate_series(1000, 1999) n on conflict do nothing`.execute(api.db);
}

async function signedIn() {
  const screen = await openScreen(browser, url);
  await screen.page.request.post('/api/login/', { data: { token: TOKEN } });
  return screen;
}

describe('the token', () => {
  it('is asked for once, kept where no page can read it, and refused from other sites', async () => {
    const { page, open, axe, overflow, complaints } = await openScreen(browser, url, {
      colorScheme: 'dark',
      viewport: { width: 390, height: 844 },
    });
    await page.goto('/repositories/1');
    await page.getByLabel('Token').fill('not the token at all');
    expect(await axe()).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('This is not the token of this API.').waitFor();
    expect([await axe(), await overflow()]).toEqual([[], 0]);
    await page.getByLabel('Token').fill(TOKEN);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'octo/repo-1' }).waitFor();

    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ name: 'sync_token', httpOnly: true, sameSite: 'Strict' });
    expect(await page.evaluate('document.cookie + JSON.stringify({ ...localStorage })')).not.toContain(
      'token',
    );
    await open('/jobs');
    expect(await page.getByLabel('Token').count()).toBe(0);
    expect(complaints).toEqual([]);

    // One that is taken away, or replaced at the API, is asked for again.
    await page.context().clearCookies();
    await page.getByLabel('Token').waitFor();

    const elsewhere = await fetch(`${url}/api/sync/repository/1/`, {
      method: 'POST',
      headers: {
        cookie: `sync_token=${cookie?.value}`,
        origin: 'https://evil.example',
        'sec-fetch-site': 'cross-site',
      },
    });
    expect(elsewhere.status).toBe(401);
  });
});

describe('a screen', () => {
  it('shows names of strangers as text', async () => {
    const { page, open, complaints } = await signedIn();
    await open('/repositories/1');
    for (const name of odd) await page.getByText(name, { exact: true }).first().waitFor();
    expect(await page.title()).toBe('octo/repo-1 · github-auto-sync');
    expect(complaints).toEqual([]);
  });

  it('shows a fault first, with what to do about it', async () => {
    const away = 'GITHUB_UNAVAILABLE: 500';
    for (const error of [away, away, 'BAD_CREDENTIALS: refused', 'no code of ours'])
      await addDelivery(api.db, { status: 'failed', error });
    const { page, open } = await signedIn();
    await open('/');
    const failed = page.getByRole('listitem').filter({ hasText: 'failed within 24 hours' });
    for (const [title, advice] of [
      ['2 deliveries failed within 24 hours: GITHUB_UNAVAILABLE', 'See githubstatus.com'],
      ['1 delivery failed within 24 hours: BAD_CREDENTIALS', 'Check GITHUB_APP_ID'],
      ['1 delivery failed within 24 hours: UNKNOWN', 'Probably a defect here'],
    ] as const)
      await failed.filter({ hasText: title }).filter({ hasText: advice }).waitFor();
    await page.getByText('1 repository needs you.').waitFor();
    await page.getByRole('link', { name: 'Show PERMISSION_MISSING' }).click();
    await page.getByText('PERMISSION_MISSING: the App may not read issues of this installation').waitFor();
    await page.getByText('Grant the App read access to it').waitFor();
  });

  it('pages through 10,000 repositories by its address', async () => {
    const { page, open } = await signedIn();
    await open('/repositories');
    await page.getByText('50 of 10,000 repositories').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(50);
    await page.getByRole('button', { name: 'Next page' }).click();
    await page.getByText('octo/many-10044').waitFor();
    const second = page.url();
    await open(second);
    await page.getByText('octo/many-10044').waitFor();
    await page.getByLabel('Filter by name').fill('MANY-777');
    await page.getByText('11 of 11 repositories').waitFor();
    expect(page.url()).toContain('q=MANY-777');
    expect(page.url()).not.toContain('cursor');
    // A heading sorts, and the address keeps it: the first that was made here was compared longest ago.
    await open('/repositories?installation_id=7');
    await page.getByRole('button', { name: 'Compared' }).click();
    await page.locator('tbody tr:first-child', { hasText: 'octo/repo-1' }).waitFor();
    expect(page.url()).toContain('sort=synced');
    await page.locator('th[aria-sort=ascending]', { hasText: 'Compared' }).waitFor();
  });

  it('is seen from its top when it is gone to, with the keyboard in it, and is called by its own name', async () => {
    const { page, open, complaints } = await signedIn();
    await open('/repositories');
    await page.locator('tbody tr:last-child a').click();
    await page.getByRole('heading', { name: /^octo\/many-/ }).waitFor();
    const where = '[scrollY, document.activeElement.id]';
    expect(await page.evaluate(where)).toEqual([0, 'content']);
    await page.goBack();
    await page.getByText('50 of 10,000 repositories').waitFor();
    await page.waitForFunction('scrollY > 0');
    for (const [path, title] of [
      ['/jobs/00000000-0000-4000-8000-000000000000', 'Job'],
      ['/installations/999', 'Installation'],
    ] as const) {
      await open(path);
      await page.getByText('There is no such thing here').waitFor();
      expect(await page.title()).toBe(`${title} · github-auto-sync`);
    }
    expect(complaints).toEqual([]);
  });

  it('shows a filter that only its address knows', async () => {
    const { page, open } = await signedIn();
    await open('/pull-requests?installation_id=4711');
    expect(await page.getByLabel('Installation', { exact: true }).inputValue()).toBe('4711');
    await page.getByLabel('Installation', { exact: true }).selectOption('Every installation');
    expect(page.url()).not.toContain('installation_id');
    await open('/jobs?status=half-done');
    await page.getByText('This address asks for what the API does not know').waitFor();
    await page.getByRole('link', { name: 'Without the filters' }).click();
    await page.getByRole('group', { name: 'Jobs' }).or(page.getByText('No such job')).first().waitFor();
    expect(page.url()).not.toContain('status');
  });

  it('keeps the chosen entry of the palette in sight', async () => {
    const { page, open } = await signedIn();
    await open('/');
    await page.keyboard.press('Control+k');
    await page
      .getByRole('option', { name: /octo\/many-/ })
      .first()
      .waitFor();
    await page.keyboard.press('ArrowUp');
    const chosen = page.getByRole('option', { selected: true });
    const list = await page.getByRole('listbox').boundingBox();
    const entry = await chosen.boundingBox();
    expect((entry?.y ?? 0) + (entry?.height ?? 0)).toBeLessThanOrEqual((list?.y ?? 0) + (list?.height ?? 0));
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/repositories\/\d+$/);
  });

  it('promises no end of an import while GitHub makes it wait', async () => {
    await addInstallation(api.db, 8);
    await addRepository(api.db, 21, { installationId: 8 });
    await addRepository(api.db, 22, { installationId: 8, status: 'pending', lastSyncedAt: 'null' });
    await addJob(api.db, { type: 'installation_import', status: 'running', installationId: 8 });
    const { page, open } = await signedIn();
    await open('/installations/8');
    await page.getByText('Importing: 1 of 2 repositories').waitFor();
    const bar = page.getByRole('progressbar', { name: 'Import' });
    expect(await bar.getAttribute('aria-valuetext')).toBe('1 of 2');
    expect(await page.getByText('waiting for GitHub').count()).toBe(0);
    await sql`insert into rate_limits (installation_id, resource, "limit", remaining, resets_at)
      values (8, 'core', 5000, 0, now() + interval '20 minutes')`.execute(api.db);
    await page.getByText(/waiting for GitHub until \d\d:\d\d/).waitFor();
    expect(await page.getByText(/ left$/).count()).toBe(0);
  });

  it('tells an import in two phases, each with an estimate of its own', async () => {
    await addInstallation(api.db, 9);
    for (const id of [31, 32, 33, 34, 35]) await addRepository(api.db, id, { installationId: 9 });
    const job = await addJob(api.db, {
      type: 'installation_import',
      status: 'running',
      installationId: 9,
      startedAt: "now() - interval '10 minutes'",
    });
    // What has its required kinds waits again at once, for the others.
    await queueRepositories(api.db, 'further', [31, 32, 33]);
    await queueRepositories(api.db, 'changes', [34, 35]);
    const processed = (n: number) =>
      sql`update sync_jobs set repositories_processed = ${n} where id = ${job}`.execute(api.db);
    await processed(3);
    const { page, open } = await signedIn();
    await open('/installations/9');
    await page.getByText('Importing: 3 of 5 repositories').waitFor();
    await page.getByText(/about [67] min .*left, then reviews, comments, releases and more$/).waitFor();
    await queueRepositories(api.db, 'further', [34, 35]);
    await processed(5);
    await page.getByText('Reviews, comments, releases and more: 0 of 5').waitFor();
    expect(await page.getByText(/about .* left/).count()).toBe(0);
    await sql`update repository_sync set wanted_at = null, wanted_mode = null
      where repository_id = any(${[31, 32, 33, 34]}::bigint[])`.execute(api.db);
    await sql`update sync_jobs set rows = '{"releases": 4}' where id = ${job}`.execute(api.db);
    await page.getByText('Reviews, comments, releases and more: 4 of 5').waitFor();
    await page.getByText(/about [23] min .*left$/).waitFor();
  });

  it('says what is the matter when Temporal, a row, an address or the API is not there', async () => {
    const { page, open } = await signedIn();
    await open('/repositories/1');
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByText('octo/repo-1 was not compared').first().waitFor();
    await page.getByText('Check that Temporal at TEMPORAL_ADDRESS runs').first().waitFor();
    await open('/repositories/999999');
    await page.getByText('there is no repository 999999').waitFor();
    await open('/repositories/none');
    await page.getByText('must be a positive number').waitFor();
    await open('/no/such');
    await page.getByText('There is no page at this address').waitFor();
    await open('/jobs');
    await page.route('**/api/**', (route) => route.abort());
    await page.getByText('What you see is from before').waitFor();
    await page.unroute('**/api/**');
    await page.getByText('What you see is from before').waitFor({ state: 'detached' });
    // Of a screen that was not gone to before, not even the file comes.
    await page.route('**/assets/**', (route) => route.abort());
    await page.route('**/api/**', (route) => route.abort());
    await page.getByText('What you see is from before').waitFor();
    await page.getByRole('link', { name: 'SQL', exact: true }).click();
    await page.getByText('This screen could not be shown').first().waitFor();
    await page.getByText('The screen is loaded when it is back.').waitFor();
    await page.getByRole('link', { name: 'Jobs', exact: true }).click();
    await page.getByRole('heading', { name: 'Jobs', exact: true }).waitFor();
    await page.getByRole('link', { name: 'SQL', exact: true }).click();
    await page.unroute('**/assets/**');
    await page.unroute('**/api/**');
    await page.getByRole('heading', { name: 'SQL', exact: true }).waitFor();
    await open('/jobs');
    // One that answers, but cannot, says why itself.
    const body = {
      code: 'DATABASE_UNAVAILABLE',
      message: 'the database does not answer. Start it',
      requestId: 'r',
    };
    await page.route('**/pulse/', (route) => route.fulfill({ status: 503, json: body }));
    await page.getByText('The database does not answer. Start it. What you see is from before').waitFor();
  });

  it('bears a job with 50,000 errors, and a payload of 24 MB', async () => {
    const id = await addJob(api.db, { type: 'periodic_sweep', status: 'partial' });
    await sql`update sync_jobs set errors = 50000, rows = '{"pull_request_reviews": 12345, "issues": 2}',
      errors_by_code = '{"GITHUB_BAD_ANSWER": 49998, "REPOSITORY_BLOCKED": 2}',
      error = '{"code": "GITHUB_BAD_ANSWER", "message": "half of it could not be read"}' where id = ${id}`.execute(
      api.db,
    );
    const guid = '00000000-0000-4000-8000-00000000f00d';
    await sql`insert into webhook_deliveries (guid, event, received_at, status, payload)
      select ${guid}, 'push', now(), 'processed', jsonb_build_object('lines', jsonb_agg(repeat('x', 1000) || n))
      from generate_series(1, 24000) n`.execute(api.db);
    const { page, open, complaints } = await signedIn();
    await open(`/jobs/${id}`);
    await page.getByText('50,000', { exact: true }).waitFor();
    await page.getByText('GITHUB_BAD_ANSWER: half of it could not be read').waitFor();
    const codes = page.getByRole('region', { name: 'Errors by code' }).getByRole('listitem');
    expect(await codes.allInnerTexts()).toEqual([
      expect.stringMatching(/^GITHUB_BAD_ANSWER × 49,998\s+GitHub answered something unreadable/),
      expect.stringMatching(/^REPOSITORY_BLOCKED × 2\s+GitHub blocks this repository/),
    ]);
    await page.getByText('pull_request_reviews').waitFor();
    await page.getByText('12,345', { exact: true }).waitFor();
    await open(`/deliveries/${guid}`);
    await page.getByText(/^Payload 2\d(\.\d)? MB of JSON$/).click();
    await page.getByText('has all of it').waitFor();
    expect(complaints).toEqual([]);
  });

  it('says when the delivery log is read next, where that is later than is set', async () => {
    const { page, open } = await signedIn();
    await open('/');
    await page.getByText('Read from the App’s log every 10 s: no webhook').waitFor();
    await sql`insert into system_state (name, value) values ('delivery_log_reader',
      jsonb_build_object('code', 'RATE_LIMITED', 'due_at', now() + interval '10 minutes'))`.execute(api.db);
    await page.reload();
    await page.getByText(/less often than every 10 s, .+ next at \d\d:\d\d/).waitFor();
  });

  it('finds an account among 1,000, and those that are suspended', async () => {
    await addManyInstallations();
    const { page, open, complaints } = await signedIn();
    await open('/installations?suspended=true');
    await page.getByRole('heading', { name: 'many-1900' }).waitFor();
    expect(await page.getByRole('main').getByRole('listitem').count()).toBe(1);
    await page.getByLabel('State').selectOption('Every state');
    await page.getByLabel('Filter by account').fill('MANY-177');
    await page.getByText('many-1779').waitFor();
    expect(page.url()).toContain('q=MANY-177');
    await page.getByLabel('Filter by account').fill('nobody at all');
    await page.getByText('No such installation').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('many-1888');
    await page.getByRole('option', { name: 'many-1888 account' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('has its first content after few requests, bytes and elements, however much is mirrored', async () => {
    await addManyInstallations();
    const costs = new Map<string, Cost>();
    for (const path of [
      '/',
      '/installations',
      '/repositories',
      '/repositories/100',
      '/pull-requests',
      '/jobs',
    ]) {
      const { page, open } = await signedIn();
      await open(path);
      costs.set(path, await page.evaluate<Cost>(COST));
      await page.context().close();
    }
    for (const [path, { requests, bytes, elements }] of costs) {
      // The page, its script, that of the screen and what they share, styles, a font, an icon, and up to six answers.
      expect([path, requests <= 25, bytes < 300_000, elements < 1500]).toEqual([path, true, true, true]);
    }
  });

  it('asks for sums over a small installation with each change', async () => {
    await addInstallation(api.db, 10);
    const { page, open } = await signedIn();
    await page.clock.install();
    let asked = 0;
    page.on('request', (request) => (asked += request.url().includes('/installations/10/?limit') ? 1 : 0));
    const pulse = () => page.waitForResponse('**/api/dashboard/pulse/');
    const sums = page.waitForResponse((answer) => answer.url().includes('/installations/10/?limit'));
    await Promise.all([pulse(), sums, open('/installations/10')]);
    await addJob(api.db, { installationId: 10 });
    // The API shares what it read for a second, by its own clock.
    await sleep(1200);
    // Half a minute later all that is on screen is asked for again.
    for (let seconds = 0; seconds < 24; seconds += 2) {
      if (asked > 1) break;
      await Promise.all([pulse(), page.clock.runFor(2000)]);
    }
    expect(asked).toBe(2);
  });

  it('asks nothing while it is hidden or paused', async () => {
    const { page, open } = await signedIn();
    await page.clock.install();
    await open('/jobs');
    await page.getByRole('button', { name: 'Live' }).click();
    await page.getByRole('button', { name: 'Paused' }).waitFor();
    // From here on timers run within `runFor` alone, where what would be asked within a minute is asked at once.
    await page.clock.pauseAt(Date.now() + 60_000);
    let asked = 0;
    page.on('request', () => (asked += 1));
    await page.clock.runFor(60_000);
    expect(asked).toBe(0);
    const show = (state: 'hidden' | 'visible') =>
      page.evaluate(`Object.defineProperties(document, {
        hidden: { value: ${state === 'hidden'}, configurable: true },
        visibilityState: { value: '${state}', configurable: true } });
        document.dispatchEvent(new Event('visibilitychange'));`);
    const polled = () => page.waitForResponse('**/api/dashboard/pulse/');
    await Promise.all([polled(), page.getByRole('button', { name: 'Paused' }).click()]);
    asked = 0;
    await show('hidden');
    await page.clock.runFor(60_000);
    expect(asked).toBe(0);
    await Promise.all([polled(), show('visible')]);
  });
});
