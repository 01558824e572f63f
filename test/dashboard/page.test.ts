import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { addDelivery, addInstallation, addJob, addRepository, queueRepositories } from '../api/rows.ts';
import { odd, startDashboard, TOKEN, type TestDashboard } from './start-dashboard.ts';

let dashboard: TestDashboard;
beforeAll(async () => {
  dashboard = await startDashboard();
});
afterEach(() => dashboard.closeWindows());
afterAll(() => dashboard.close());

describe('the token', () => {
  it('is requested once, stored where no page can read it, and rejected from other sites', async () => {
    const { page, open, axe, overflow, complaints } = await dashboard.open({
      colorScheme: 'dark',
      viewport: { width: 390, height: 844 },
    });
    await page.goto('/repositories/1');
    await page.getByLabel('Token').fill('not the token at all');
    expect(await axe()).toEqual([]);
    await page.keyboard.press('Enter');
    await page.getByText('This is not the API’s token.').waitFor();
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

    const elsewhere = await fetch(`${dashboard.url}/api/sync/repository/1/`, {
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
  it('shows names from GitHub as text', async () => {
    const { page, open, complaints } = await dashboard.signedIn();
    await open('/repositories/1');
    for (const name of odd) await page.getByText(name, { exact: true }).first().waitFor();
    expect(await page.title()).toBe('octo/repo-1 · github-auto-sync');
    expect(complaints).toEqual([]);
  });

  it('shows problems first, with what to do about them', async () => {
    const away = 'GITHUB_UNAVAILABLE: 500';
    for (const error of [away, away, 'BAD_CREDENTIALS: refused', 'no code of ours'])
      await addDelivery(dashboard.api.db, { status: 'failed', error });
    const sweep = await addJob(dashboard.api.db, { type: 'periodic_sweep', status: 'partial' });
    await sql`update sync_jobs set error = '{"code": "BAD_CREDENTIALS", "message": "401"}'
      where id = ${sweep}`.execute(dashboard.api.db);
    const { page, open } = await dashboard.signedIn();
    await open('/');
    const failed = page.getByRole('listitem').filter({ hasText: 'failed within 24 hours' });
    for (const [title, advice] of [
      ['2 deliveries failed within 24 hours: GITHUB_UNAVAILABLE', 'Check githubstatus.com'],
      ['1 delivery failed within 24 hours: BAD_CREDENTIALS', 'Check GITHUB_APP_ID'],
      ['1 delivery failed within 24 hours: UNKNOWN', 'Probably a defect'],
    ] as const)
      await failed.filter({ hasText: title }).filter({ hasText: advice }).waitFor();
    await page.getByText(/^The last sweep was incomplete, .*: BAD_CREDENTIALS$/).waitFor();
    await page.getByText('1 repository needs attention.').waitFor();
    await page.getByRole('link', { name: 'Show PERMISSION_MISSING' }).click();
    await page.getByText('PERMISSION_MISSING: the App may not read issues of this installation').waitFor();
    await page.getByText('Grant the App read access to it').waitFor();
  });

  it('opens at its top, with the focus in it, under its own title', async () => {
    const { page, open, complaints } = await dashboard.signedIn();
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
      await page.getByText('Nothing was found here').waitFor();
      expect(await page.title()).toBe(`${title} · github-auto-sync`);
    }
    expect(complaints).toEqual([]);
  });

  it('shows a filter that only its address sets', async () => {
    const { page, open } = await dashboard.signedIn();
    await open('/pull-requests?installation_id=4711');
    expect(await page.getByLabel('Installation', { exact: true }).inputValue()).toBe('4711');
    await page.getByLabel('Installation', { exact: true }).selectOption('All installations');
    expect(page.url()).not.toContain('installation_id');
    await open('/jobs?status=half-done');
    await page.getByText('The API does not understand this address').waitFor();
    await page.getByRole('link', { name: 'Clear the filters' }).click();
    await page.getByRole('group', { name: 'Jobs' }).or(page.getByText('No jobs found')).first().waitFor();
    expect(page.url()).not.toContain('status');
  });

  it('runs a verification again as such', async () => {
    const workflowId = 'periodic-sweep/verify';
    const job = await addJob(dashboard.api.db, { type: 'periodic_sweep', trigger: 'manual', workflowId });
    const { page, open } = await dashboard.signedIn();
    await open(`/jobs/${job}`);
    await page.getByRole('heading', { name: 'Verification of everything' }).waitFor();
    const request = page.waitForRequest((one) => one.method() === 'POST');
    await page.getByRole('button', { name: 'Run again' }).click();
    expect(new URL((await request).url()).pathname).toBe('/api/dashboard/verification/');
  });

  it('keeps the selected entry of the palette visible', async () => {
    const { page, open } = await dashboard.signedIn();
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

  it('shows no remaining time of an import while it waits for GitHub', async () => {
    await addInstallation(dashboard.api.db, 8);
    await addRepository(dashboard.api.db, 21, { installationId: 8 });
    await addRepository(dashboard.api.db, 22, { installationId: 8, status: 'pending', lastSyncedAt: 'null' });
    await addJob(dashboard.api.db, { type: 'installation_import', status: 'running', installationId: 8 });
    const { page, open } = await dashboard.signedIn();
    await open('/installations/8');
    await page.getByText('Importing: 1 of 2 repositories').waitFor();
    const bar = page.getByRole('progressbar', { name: 'Import' });
    expect(await bar.getAttribute('aria-valuetext')).toBe('1 of 2');
    expect(await page.getByText('waiting for GitHub').count()).toBe(0);
    await sql`insert into rate_limits (installation_id, resource, "limit", remaining, resets_at)
      values (8, 'core', 5000, 0, now() + interval '20 minutes')`.execute(dashboard.api.db);
    await page.getByText(/waiting for GitHub until \d\d:\d\d/).waitFor();
    expect(await page.getByText(/ left$/).count()).toBe(0);
  });

  it('shows an import in two phases, each with its own estimate', async () => {
    await addInstallation(dashboard.api.db, 9);
    for (const id of [31, 32, 33, 34, 35]) await addRepository(dashboard.api.db, id, { installationId: 9 });
    const job = await addJob(dashboard.api.db, {
      type: 'installation_import',
      status: 'running',
      installationId: 9,
      startedAt: "now() - interval '10 minutes'",
    });
    // What has its required kinds waits again at once, for the others.
    await queueRepositories(dashboard.api.db, 'further', [31, 32, 33]);
    await queueRepositories(dashboard.api.db, 'changes', [34, 35]);
    const processed = (n: number) =>
      sql`update sync_jobs set repositories_processed = ${n} where id = ${job}`.execute(dashboard.api.db);
    await processed(3);
    const { page, open } = await dashboard.signedIn();
    await open('/installations/9');
    await page.getByText('Importing: 3 of 5 repositories').waitFor();
    await page.getByText(/about [67] min .*left, then reviews, comments, releases and more$/).waitFor();
    await queueRepositories(dashboard.api.db, 'further', [34, 35]);
    await processed(5);
    await page.getByText('Reviews, comments, releases and more: 0 of 5').waitFor();
    expect(await page.getByText(/about .* left/).count()).toBe(0);
    await sql`update repository_sync set wanted_at = null, wanted_mode = null
      where repository_id = any(${[31, 32, 33, 34]}::bigint[])`.execute(dashboard.api.db);
    await sql`update sync_jobs set rows = '{"releases": 4}' where id = ${job}`.execute(dashboard.api.db);
    await page.getByText('Reviews, comments, releases and more: 4 of 5').waitFor();
    await page.getByText(/about [23] min .*left$/).waitFor();
  });

  it('explains that Temporal, a row, an address or the API is not available', async () => {
    const { page, open } = await dashboard.signedIn();
    await open('/repositories/1');
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByText('octo/repo-1 was not compared').first().waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Sync now');
    await page.getByText('Check that Temporal at TEMPORAL_ADDRESS runs').first().waitFor();
    await open('/repositories/999999');
    await page.getByText('there is no repository 999999').waitFor();
    await open('/repositories/none');
    await page.getByText('must be a positive number').waitFor();
    await open('/no/such');
    await page.getByText('There is no page at this address').waitFor();
    await open('/jobs');
    await page.route('**/api/**', (route) => route.abort());
    await page.getByText('What you see may be out of date').waitFor();
    await page.unroute('**/api/**');
    await page.getByText('What you see may be out of date').waitFor({ state: 'detached' });
    // Of a screen that was not gone to before, not even the file comes.
    await page.route('**/assets/**', (route) => route.abort());
    await page.route('**/api/**', (route) => route.abort());
    await page.getByText('What you see may be out of date').waitFor();
    await page.getByRole('link', { name: 'SQL', exact: true }).click();
    await page.getByText('This screen could not be shown').first().waitFor();
    await page.getByText('The screen will load when it is back.').waitFor();
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
    await page.getByText('The database does not answer. Start it. What you see may be out of date').waitFor();
  });

  it('shows no older health while the database or the API is away', async () => {
    const { page, open } = await dashboard.signedIn();
    const health = page.getByRole('status').first();
    await open('/jobs');
    await health.getByText('Degraded').waitFor();
    const body = { code: 'DATABASE_UNAVAILABLE', message: 'the database does not answer', requestId: 'r' };
    await page.route('**/health/', async (route) => {
      const answer = await route.fetch();
      const figures: object = await answer.json();
      await route.fulfill({ status: 503, json: { ...figures, status: 'unhealthy' } });
    });
    await page.route('**/pulse/', (route) => route.fulfill({ status: 503, json: body }));
    await health.getByText('Unhealthy').waitFor();
    await page.unroute('**/pulse/');
    await page.route('**/pulse/', (route) => route.abort());
    await health.getByText('Unknown').waitFor();
    await page.getByRole('button', { name: 'Reconnecting' }).waitFor();
  });

  it('shows no older health while the API is back and the database is not, or breaks later', async () => {
    const { page, open } = await dashboard.signedIn();
    const health = page.getByRole('status').first();
    await open('/jobs');
    await health.getByText('Degraded').waitFor();
    await page.route('**/pulse/', (route) => route.abort());
    await health.getByText('Unknown').waitFor();
    let told = 'healthy';
    await page.route('**/health/', async (route) => {
      const answer = await route.fetch();
      const figures: object = await answer.json();
      await route.fulfill({ status: 503, json: { ...figures, status: told } });
    });
    const body = { code: 'DATABASE_UNAVAILABLE', message: 'the database does not answer', requestId: 'r' };
    await page.unroute('**/pulse/');
    await page.route('**/pulse/', (route) => route.fulfill({ status: 503, json: body }));
    await health.getByText('Healthy', { exact: true }).waitFor();
    told = 'unhealthy';
    await health.getByText('Unhealthy').waitFor();
  });

  it('says so if the API never answers, as a host that vanished', async () => {
    const { page, open } = await dashboard.signedIn();
    await open('/jobs');
    await page.route('**/pulse/', () => new Promise(() => undefined));
    await page.getByText('The API does not answer. What you see may be out of date').waitFor();
  });

  it('claims nothing about what it cannot know while the database is unavailable', async () => {
    const { page, open } = await dashboard.signedIn();
    await page.route('**/health/', async (route) => {
      const answer = await route.fetch();
      const health: object = await answer.json();
      const unknown = { rate_limits: [], last_periodic_sync: null, status: 'unhealthy' };
      const dependencies = { database: 'down', temporal: 'up', github: 'up' };
      await route.fulfill({ status: 503, json: { ...health, ...unknown, dependencies } });
    });
    await open('/');
    await page.getByText('PostgreSQL does not answer, so nothing can be mirrored.').waitFor();
    await page.getByText('The figures are unknown until it answers.').waitFor();
    const claims = page.getByText(/No sweep has run yet|GitHub has not been asked yet|has not happened yet/);
    expect(await claims.count()).toBe(0);
  });
});
