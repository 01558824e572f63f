import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { seedWorld } from '../../sandbox/seed/seed-world.ts';
import { compareMirror } from '../support/mirror-comparison.ts';
import { startStack, type Stack } from '../support/stack.ts';

let stack: Stack;
const hour = 3_600_000;
beforeAll(async () => {
  stack = await startStack({ env: { TEMPORAL_UI_URL: 'http://ui.example' } });
});
afterAll(() => stack.close());

const differences = () => compareMirror(stack.sandbox, stack.query);
const count = async (sql: string): Promise<number> => {
  const [row] = await stack.query<{ count: string }>(`select count(*) from ${sql}`);
  return Number(row?.count);
};

/** Both are ISO 8601, and not in the same words. */
function inWords([name, value]: [string, unknown]): [string, unknown] {
  return name.endsWith('_at') && typeof value === 'string'
    ? [name, new Date(value).toISOString()]
    : [name, value];
}

describe('the four scenarios, from outside', () => {
  it('imports everything when the App is installed', async () => {
    const { world } = stack.sandbox;
    world.silently(() => seedWorld(world, { scale: 0.02 }));
    const [silent] = world.state.installations.values();
    stack.sandbox.control.uninstall({ id: silent?.id ?? 0 });
    const installation = stack.sandbox.control.install({ account: 'octo-sandbox' });
    const job = await stack.until('the import to end', async () => {
      const path = `/api/sync/jobs/?job_type=installation_import&installation_id=${installation.id}`;
      const { jobs } = await stack.get<{ jobs: { status: string; commits_imported: number }[] }>(path);
      return jobs.find(({ status }) => status !== 'running');
    });
    await stack.quiet();
    expect(job).toMatchObject({ status: 'completed', trigger: 'webhook', errors: 0, error: null });
    expect(job.commits_imported).toBe(await count('commits'));
    expect(await differences()).toEqual([]);
  });

  it('mirrors a new repository at once', async () => {
    const made = stack.sandbox.control.createRepository({ owner: 'octo-sandbox', name: 'brand-new' });
    const [row] = await stack.until('its row', async () => {
      const rows = await stack.query('select * from repositories where id = $1', [made.id]);
      return rows.length > 0 && rows;
    });
    expect(row).toMatchObject({ full_name: 'octo-sandbox/brand-new', removed_at: null });
    await stack.quiet();
    expect(await differences()).toEqual([]);
  });

  it('mirrors a push at once, with commits, contributors and metrics', async () => {
    stack.sandbox.control.createAccount({ login: 'newcomer', emails: ['new@example.com'] });
    const { commits, repository } = stack.sandbox.control.push({
      repo: 'octo-sandbox/brand-new',
      commits: [{ message: 'Begin', author: { login: 'newcomer' } }, { message: 'Go on' }],
      by: 'newcomer',
    });
    const head = commits.at(-1)?.sha;
    await stack.until('the head', async () => {
      const rows = await stack.query('select 1 from repositories where id = $1 and head_sha = $2', [
        repository.id,
        head,
      ]);
      return rows.length > 0;
    });
    const { metrics } = await stack.get<{ metrics: Record<string, unknown> }>(
      `/api/analytics/repositories/${repository.id}/`,
    );
    expect(metrics).toMatchObject({ commits_7d: 2, repository_id: repository.id });
    expect(await count(`contributors where login = 'newcomer'`)).toBe(1);
    await stack.quiet();
    expect(await differences()).toEqual([]);
  });

  it('recovers a lost webhook in the next sweep, with or without the delivery log', async () => {
    const { control } = stack.sandbox;
    control.addDeliveryFault({ kind: 'drop', events: ['issues'], times: 1 });
    control.addDeliveryFault({ kind: 'lose', events: ['push'], times: 1 });
    const issue = control.openIssue({ repo: 'octo-sandbox/brand-new', title: 'Nobody heard of it' });
    control.push({ repo: 'octo-sandbox/brand-new' });
    await stack.quiet();
    expect(await count(`issues where id = ${issue.id}`)).toBe(0);

    expect(await stack.sweep()).toMatchObject({ status: 'completed' });
    await stack.quiet();
    expect(await count(`issues where id = ${issue.id}`)).toBe(1);
    expect(await count(`webhook_deliveries where recovered`)).toBe(1);
    expect(await differences()).toEqual([]);
  });

  it('changes nothing when swept again', async () => {
    const job = await stack.sweep();
    expect(job).toMatchObject({ commits_imported: 0, issues_imported: 0, pull_requests_imported: 0 });
    const { status, last_periodic_sync: last } = await stack.get<{
      status: string;
      last_periodic_sync: { started_at: string };
    }>('/api/sync/health/');
    expect(status).toBe('healthy');
    expect(Date.now() - Date.parse(last.started_at)).toBeLessThan(hour);
  });

  it("stores every field of the API's jobs in columns", async () => {
    const { jobs } = await stack.get<{ jobs: Record<string, unknown>[] }>('/api/sync/jobs/?limit=200');
    const rows = await stack.query<{ job: Record<string, unknown> }>(
      'select to_jsonb(j) as job from sync_jobs j',
    );
    const byId = new Map(rows.map(({ job }) => [job['id'], job]));
    expect(jobs.length).toBeGreaterThan(2);
    for (const job of jobs) {
      const row = byId.get(job['id']) ?? {};
      const columns = Object.keys(job).map((name) => inWords([name, row[name]]));
      expect(Object.fromEntries(columns)).toEqual(Object.fromEntries(Object.entries(job).map(inWords)));
      expect(job['temporal_url']).toMatch(/^http:\/\/ui\.example\/namespaces\/./);
    }
  });
});
