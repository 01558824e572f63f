import { beforeEach, describe, expect, it } from '@jest/globals';
import { compareInstallation } from '../../src/sync/installation/compare-installation.ts';
import { drainQueue } from '../../src/sync/installation/drain-queue.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control } = useMirror();
let id: number;

beforeEach(() => {
  id = mirror.installationId;
});

const removed = `select full_name, removed_reason from repositories where removed_at is not null order by id`;
const liveIssues = `select count(*)::int as n from issues where deleted_at is null`;

describe('an installation with restricted access', () => {
  it('pauses while suspended', async () => {
    control.suspend({ id });
    await mirror.work();
    const state = 'select sync_status from repositories';
    expect(await mirror.rows(state)).toEqual([{ sync_status: 'paused' }]);
    await mirror.sweep();
    expect(await mirror.rows(state)).toEqual([{ sync_status: 'paused' }]);
    control.unsuspend({ id });
    await mirror.work();
    expect(await mirror.rows(state)).toEqual([{ sync_status: 'fresh' }]);
  });

  it('costs a bounded number of requests for each look while only its token is refused, however many are queued', async () => {
    mirror.sandbox.world.silently(() => control.growRepositories({ owner: 'acme', count: 150, commits: 1 }));
    const { deps, jobId } = mirror;
    await compareInstallation(deps, { installationId: id, jobId, freshForMs: 0 });
    const message = 'This installation has been suspended';
    control.addFault({ action: { kind: 'status', status: 403, message }, match: '/(repositories/|graphql)' });
    const before = control.requests(10_000).length;
    const work = { installationId: id, jobId, owner: 'test', budgetMs: 20_000, onProgress: () => undefined };
    expect(await drainQueue(deps, work)).toMatchObject({
      remaining: 150,
      stopped: { code: 'INSTALLATION_SUSPENDED' },
    });
    // Two for each of three groups of ten small repositories, and four for each of the six lanes beside them.
    expect(control.requests(10_000).length - before).toBeLessThanOrEqual(2 * 30 + 4 * 6);
  });

  it.each(['issues', 'pull_requests', 'contents'])(
    'leaves out what the permission for %s covers',
    async (kind) => {
      const all = {
        metadata: 'read',
        contents: 'read',
        issues: 'read',
        pull_requests: 'read',
        members: 'read',
      };
      const permissions = Object.fromEntries(Object.entries(all).filter(([name]) => name !== kind));
      control.changePermissions({ id, permissions });
      control.push({ repo, commits: 1 });
      control.openIssue({ repo });
      control.openPull({ repo, head: 'more' });
      await mirror.work();
      await mirror.sweep();
      const state = `select sync_status, left(sync_error, 18) as error from repositories`;
      expect(await mirror.rows(state)).toEqual([{ sync_status: 'error', error: 'PERMISSION_MISSING' }]);
      const others = (await differencesFromGitHub(mirror)).filter(
        (line) =>
          !line.startsWith('repositories') && !line.startsWith(kind === 'contents' ? 'commits' : kind),
      );
      expect(kind === 'contents' ? others.filter((line) => !line.startsWith('branches')) : others).toEqual(
        [],
      );
      control.changePermissions({ id, permissions: all });
      await mirror.work();
      await mirror.sweep();
      expect(await differencesFromGitHub(mirror)).toEqual([]);
    },
  );

  it('is unaffected by repositories moved to a suspended installation', async () => {
    const moved = ['a', 'b', 'c', 'd', 'e'];
    for (const name of moved) control.createRepository({ owner: 'acme', name, private: true });
    const { id: other } = control.install({ account: 'bob' });
    await mirror.work();
    control.addDeliveryFault({ kind: 'lose' });
    control.suspend({ id: other });
    for (const name of moved) control.transferRepository({ repo: `acme/${name}`, to: 'bob' });
    control.openIssue({ repo });
    await mirror.sweep();
    expect(await mirror.rows(`${liveIssues} and repository_id = 1060000001`)).toEqual([{ n: 3 }]);
    expect(await mirror.rows(`select distinct removed_reason from repositories where name <> 'app'`)).toEqual(
      [{ removed_reason: 'access_lost' }],
    );
    control.unsuspend({ id: other });
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('is unaffected by repositories moved to a rate-limited installation', async () => {
    const moved = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const name of moved) control.createRepository({ owner: 'acme', name, private: true });
    const { id: other } = control.install({ account: 'bob' });
    await mirror.work();
    control.addDeliveryFault({ kind: 'lose' });
    control.setRateLimit({ installationId: other, resource: 'core', remaining: 0, resetIn: 3000 });
    for (const name of moved) control.transferRepository({ repo: `acme/${name}`, to: 'bob' });
    control.openIssue({ repo });
    // The only one to wait is the installation whose budget it is; the other one comes before it.
    await expect(mirror.sweep()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(await mirror.rows(`${liveIssues} and repository_id = 1060000001`)).toEqual([{ n: 3 }]);
    expect(await mirror.rows(removed)).toEqual([]);
    expect(await mirror.rows(`select error ->> 'message' as told from sync_jobs`)).toEqual([
      { told: expect.stringContaining('has it and cannot be asked (RATE_LIMITED)') },
    ]);
  });
});
