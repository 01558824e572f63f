import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { addDelivery, addJob } from '../api/rows.ts';
import { startDashboard, type TestDashboard } from './start-dashboard.ts';

let dashboard: TestDashboard;
beforeAll(async () => {
  dashboard = await startDashboard();
});
afterEach(() => dashboard.closeWindows());
afterAll(() => dashboard.close());

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
    from generate_series(1000, 1999) n on conflict do nothing`.execute(dashboard.api.db);
}

describe('a screen of a large mirror', () => {
  it('keeps its place among 10,000 repositories in its address', async () => {
    const { page, open } = await dashboard.signedIn();
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

  it('shows a job with 50,000 errors, and a payload of 24 MB', async () => {
    const id = await addJob(dashboard.api.db, { type: 'periodic_sweep', status: 'partial' });
    await sql`update sync_jobs set errors = 50000, rows = '{"pull_request_reviews": 12345, "issues": 2}',
      errors_by_code = '{"GITHUB_BAD_ANSWER": 49998, "REPOSITORY_BLOCKED": 2}',
      error = '{"code": "GITHUB_BAD_ANSWER", "message": "half of it could not be read"}' where id = ${id}`.execute(
      dashboard.api.db,
    );
    const guid = '00000000-0000-4000-8000-00000000f00d';
    await sql`insert into webhook_deliveries (guid, event, received_at, status, payload)
      select ${guid}, 'push', now(), 'processed', jsonb_build_object('lines', jsonb_agg(repeat('x', 1000) || n))
      from generate_series(1, 24000) n`.execute(dashboard.api.db);
    const { page, open, complaints } = await dashboard.signedIn();
    await open(`/jobs/${id}`);
    await page.getByText('50,000', { exact: true }).waitFor();
    await page.getByText('GITHUB_BAD_ANSWER: half of it could not be read').waitFor();
    const codes = page.getByRole('region', { name: 'Errors by code' }).getByRole('listitem');
    expect(await codes.allInnerTexts()).toEqual([
      expect.stringMatching(/^GITHUB_BAD_ANSWER × 49,998\s+GitHub gave an unreadable answer/),
      expect.stringMatching(/^REPOSITORY_BLOCKED × 2\s+GitHub blocks this repository/),
    ]);
    await page.getByText('pull_request_reviews').waitFor();
    await page.getByText('12,345', { exact: true }).waitFor();
    await open(`/deliveries/${guid}`);
    await page.getByText(/^Payload 2\d(\.\d)? MB of JSON$/).click();
    await page.getByText('has all of it').waitFor();
    expect(complaints).toEqual([]);
  });

  it('finds one of 1,000 accounts, and the suspended ones', async () => {
    await addManyInstallations();
    const { page, open, complaints } = await dashboard.signedIn();
    await open('/installations?suspended=true');
    await page.getByRole('heading', { name: 'many-1900' }).waitFor();
    expect(await page.getByRole('main').getByRole('listitem').count()).toBe(1);
    await page.getByLabel('State').selectOption('All states');
    await page.getByLabel('Filter by account').fill('MANY-177');
    await page.getByText('many-1779').waitFor();
    expect(page.url()).toContain('q=MANY-177');
    await page.getByLabel('Filter by account').fill('nobody at all');
    await page.getByText('No installations found').waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('many-1888');
    await page.getByRole('option', { name: 'many-1888 account' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows its first content after few requests, bytes and elements', async () => {
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
      const { page, open } = await dashboard.signedIn();
      await open(path);
      costs.set(path, await page.evaluate<Cost>(COST));
      await page.context().close();
    }
    for (const [path, { requests, bytes, elements }] of costs) {
      // The page, its script, that of the screen and what they share, styles, a font, an icon, and up to six answers.
      expect([path, requests <= 25, bytes < 300_000, elements < 1500]).toEqual([path, true, true, true]);
    }
  });

  it.each([
    ['/questions/quiet-repositories', 'Answer'],
    ['/deliveries', 'Deliveries'],
    ['/pull-requests', 'Open pull requests'],
    ['/jobs', 'Jobs'],
  ])('keeps all columns in sight beside a long name: %s', async (path, table) => {
    await nameAtLength();
    const { page, open } = await dashboard.signedIn();
    await open(path);
    await page
      .getByRole('group', { name: table })
      .getByText('octo/mmm')
      .filter({ visible: true })
      .first()
      .waitFor();
    const hidden =
      "(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('main [role=group]'))";
    expect(await page.evaluate(hidden)).toBe(0);
  });
});

/** Gives repository 100 the longest name that GitHub allows, with a delivery, a job and a pull request. */
async function nameAtLength(): Promise<void> {
  const { db } = dashboard.api;
  await sql`update repositories set full_name = 'octo/' || repeat('m', 100), head_sha = repeat('a', 40),
    created_at = now() - interval '1 year' where id = 100`.execute(db);
  await addDelivery(db, { repositoryId: 100, status: 'processed' });
  await addJob(db, { repositoryId: 100 });
  await sql`insert into pull_requests (id, repository_id, number, title, state, draft, head_ref, head_sha, base_ref,
      labels, assignees, created_at, updated_at)
    values (100, 100, 1, repeat('t', 250), 'open', false, 'h', repeat('a', 40), 'main', '{}', '{}', now(), now())
    on conflict do nothing`.execute(db);
}
