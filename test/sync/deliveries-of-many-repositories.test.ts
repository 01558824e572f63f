import { describe, expect, it } from '@jest/globals';
import { openDeliveryJobs } from '../../src/db/jobs/delivery-jobs.ts';
import { sqlOf } from '../../src/db/orm.ts';
import {
  drainDeliveries,
  type DrainDeliveriesRequest,
} from '../../src/sync/installation/drain-deliveries.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const app = 1_060_000_001;
const { mirror, control, unannounced } = useMirror();

const run = () => ({
  installationId: mirror.installationId,
  workflowId: 'installation-deliveries/1',
  runId: 'run',
  temporalUrl: 'https://temporal.example/run',
});
const jobIdOf = (id: number) => `00000000-0000-8000-8000-${String(id).padStart(12, '0')}`;

function drain(leave: DrainDeliveriesRequest['leave']) {
  const { signal } = new AbortController();
  return drainDeliveries(mirror.deps, {
    ...run(),
    owner: 'test',
    budgetMs: 120_000,
    signal,
    jobIdOf,
    leave,
  });
}

describe('deliveries of many repositories', () => {
  it('leave no job open, not even one of an attempt that died', async () => {
    const job = { id: jobIdOf(app), repositoryId: app };
    await openDeliveryJobs(sqlOf(mirror.deps.orm), run(), [job]);
    expect(await drain(() => Promise.reject(new Error('nothing is left')))).toMatchObject({
      repositories: 0,
    });
    expect(await mirror.rows(`select id, status from sync_jobs where run_id = 'run'`)).toEqual([
      { id: job.id, status: 'completed' },
    ]);
  });

  it('lead to the comparison that they need, whatever became of the attempt that applied them', async () => {
    await openDeliveryJobs(sqlOf(mirror.deps.orm), run(), [{ id: jobIdOf(app), repositoryId: app }]);
    await mirror.rows(`update repository_sync set wanted_at = now(), wanted_mode = 'changes', probed = null`);
    await expect(drain(() => Promise.reject(new Error('Temporal refuses it')))).rejects.toThrow('Temporal');
    const status = () => mirror.rows(`select status from sync_jobs where run_id = 'run'`);
    expect(await status()).toEqual([{ status: 'running' }]);
    const left: unknown[] = [];
    await drain(async (repository, trigger) => void left.push([repository, trigger]));
    expect(left).toEqual([[expect.objectContaining({ id: app, label: 'acme/app' }), 'schedule']]);
    expect(await status()).toEqual([{ status: 'completed' }]);
  });

  it('are one piece of work with a job for each; anything more is left to the repository’s own workflow', async () => {
    const { installationId } = mirror;
    const installation = { id: installationId };
    control.createRepository({ owner: 'acme', name: 'site' });
    await mirror.sweep();
    for (const name of ['acme/app', 'acme/site', 'acme/app']) control.openIssue({ repo: name });
    control.sendDelivery({
      event: 'issues',
      payload: { action: 'opened', repository: { id: 99 }, installation, issue: { id: 1 } },
    });
    await control.deliveriesDone({});
    const left: unknown[] = [];
    const outcome = await drain(async ({ id }, trigger) => void left.push([id, trigger]));
    expect(outcome).toEqual({ repositories: 2, more: false });
    expect(left).toEqual([[99, 'webhook']]);
    expect(
      await mirror.rows(`select job_type, status, repositories_processed, issues_imported from sync_jobs
        where run_id = 'run' order by issues_imported`),
    ).toEqual(
      [1, 2].map((issues_imported) => ({
        job_type: 'webhook',
        status: 'completed',
        repositories_processed: 1,
        issues_imported,
      })),
    );
    expect(
      await mirror.rows(`select repository_id from webhook_deliveries where status = 'pending'`),
    ).toEqual([{ repository_id: 99 }]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are written together; a request that one needs, or a row that PostgreSQL rejects, delays no other', async () => {
    for (const name of ['site', 'docs', 'odd']) control.createRepository({ owner: 'acme', name });
    control.openIssue({ repo: 'acme/docs', title: 'first' });
    await mirror.sweep();
    // Two states of one second: only GitHub knows which is the later one.
    control.clock({ freeze: true });
    for (const title of ['second', 'third']) control.editIssue({ repo: 'acme/docs', number: 1, title });
    control.clock({ run: true });
    for (const name of ['acme/app', 'acme/site', 'acme/app']) control.openIssue({ repo: name, title: 'new' });
    await control.deliveriesDone({});
    await drain(() => Promise.resolve());
    // In one statement: a transaction within the transaction.
    expect(
      await mirror.rows(
        `select count(distinct xmin::text)::int as statements from issues where title = 'new'`,
      ),
    ).toEqual([{ statements: 1 }]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);

    await mirror.rows(`alter table issues add constraint even check (title <> 'odd')`);
    control.openIssue({ repo: 'acme/odd', title: 'odd' });
    for (const name of ['acme/app', 'acme/site']) control.openIssue({ repo: name, title: 'newer' });
    await control.deliveriesDone({});
    await drain(() => Promise.resolve());
    expect(await mirror.rows(`select count(*)::int as n from issues where title = 'newer'`)).toEqual([
      { n: 2 },
    ]);
    expect(
      await mirror.rows(
        `select name, split_part(sync_error, ':', 1) as error from repositories where sync_error is not null`,
      ),
    ).toEqual([{ name: 'odd', error: 'ROW_REFUSED' }]);
    expect(await mirror.rows(`select 1 from webhook_deliveries where status <> 'processed'`)).toEqual([]);
  });

  it('are written in two halves if there are more than forty repositories', async () => {
    const names = Array.from({ length: 42 }, (_, at) => `many-${at}`);
    for (const name of names) control.createRepository({ owner: 'acme', name });
    await mirror.sweep();
    for (const name of names) control.openIssue({ repo: `acme/${name}`, title: 'many' });
    await control.deliveriesDone({});
    await drain(() => Promise.reject(new Error('nothing is left')));
    expect(
      await mirror.rows(`select count(*)::int as issues, count(distinct xmin::text)::int as statements
        from issues where title = 'many'`),
    ).toEqual([{ issues: 42, statements: 2 }]);
  });

  it('are requested one by one if the App may not read everything that GitHub counts', async () => {
    const repos = ['acme/app', 'acme/site'];
    control.createRepository({ owner: 'acme', name: 'site' });
    for (const repo of repos) control.openIssue({ repo });
    await mirror.work();
    const permissions = { metadata: 'read', contents: 'read', issues: 'read', members: 'read' };
    control.changePermissions({ id: mirror.installationId, permissions });
    await mirror.work();
    await mirror.sweep();
    // Shows one less than are open when it arrives.
    control.addDeliveryFault({ kind: 'hold', times: 2 });
    for (const repo of repos) control.editIssue({ repo, number: 1, title: 'edited' });
    await unannounced(() => repos.forEach((repo) => control.openIssue({ repo })));
    await mirror.sweep({ log: false });
    control.releaseDeliveries({});
    await control.deliveriesDone({});
    await drain(() => Promise.resolve());
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});
