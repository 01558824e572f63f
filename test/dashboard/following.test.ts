import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { addInstallation, addJob } from '../api/rows.ts';
import { startDashboard, type TestDashboard } from './start-dashboard.ts';

let dashboard: TestDashboard;
beforeAll(async () => {
  dashboard = await startDashboard();
});
afterEach(() => dashboard.closeWindows());
afterAll(() => dashboard.close());

describe('a screen', () => {
  it('shows when the delivery log is read next, if that is later than configured', async () => {
    const { page, open } = await dashboard.signedIn();
    await open('/');
    await page.getByText('Read from the App’s delivery log every 10 s; no webhook').waitFor();
    await sql`insert into system_state (name, value) values ('delivery_log_reader',
      jsonb_build_object('code', 'RATE_LIMITED', 'due_at', now() + interval '10 minutes'))`.execute(
      dashboard.api.db,
    );
    await page.reload();
    await page.getByText(/less often than every 10 s, .+ next at \d\d:\d\d/).waitFor();
  });

  it('requests sums over a small installation after each change', async () => {
    await addInstallation(dashboard.api.db, 10);
    const { page, open } = await dashboard.signedIn();
    await page.clock.install();
    let asked = 0;
    page.on('request', (request) => (asked += request.url().includes('/installations/10/?limit') ? 1 : 0));
    const pulse = () => page.waitForResponse('**/api/dashboard/pulse/');
    const sums = page.waitForResponse((answer) => answer.url().includes('/installations/10/?limit'));
    await Promise.all([pulse(), sums, open('/installations/10')]);
    await addJob(dashboard.api.db, { installationId: 10 });
    // The API shares what it read for a second, by its own clock.
    await sleep(1200);
    // Half a minute later all that is on screen is asked for again.
    for (let seconds = 0; seconds < 24; seconds += 2) {
      if (asked > 1) break;
      await Promise.all([pulse(), page.clock.runFor(2000)]);
    }
    expect(asked).toBe(2);
  });

  it('requests nothing while it is hidden or paused', async () => {
    const { page, open } = await dashboard.signedIn();
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
