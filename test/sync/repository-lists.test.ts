import { describe, expect, it } from '@jest/globals';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';

const repo = 'acme/app';
const { mirror, control, between } = useMirrorBetweenEach();

const repositoryRows = `select name, removed_reason, account_login from repositories
  join installations i on i.id = installation_id order by repositories.id`;
const list = /installation\/repositories/;

/** Lets something happen, and be applied, while the first page of a list is on its way. */
function whilePageTravels(happen: () => unknown): void {
  between.alter = async ({ request }) => {
    if (!list.test(request)) return;
    between.alter = null;
    happen();
    await control.deliveriesDone({});
    const [row] = await mirror.rows<{ id: number }>(`select id::int from repositories where name = 'app'`);
    const request2 = { scope: 'deliveries', shouldProbe: false } as const;
    while ((await mirror.sync(row?.id ?? 0, request2)).state === 'unfinished');
  };
}

describe('a list of repositories', () => {
  it('does not bring back a repository that was deleted since the request', async () => {
    whilePageTravels(() => control.deleteRepository({ repo }));
    await mirror.sweep();
    await mirror.sweep();
    expect(await mirror.rows(repositoryRows)).toEqual([
      { name: 'app', removed_reason: 'deleted', account_login: 'acme' },
    ]);
  });

  it('does not take back a repository that was transferred since the request', async () => {
    control.install({ account: 'bob' });
    await mirror.work();
    whilePageTravels(() => control.transferRepository({ repo, to: 'bob' }));
    await mirror.sweep();
    expect(await mirror.rows(repositoryRows)).toEqual([
      { name: 'app', removed_reason: null, account_login: 'bob' },
    ]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it.each([1, -1])('may permanently lack %i of its total_count', async (by) => {
    const { installationId: id } = mirror;
    const { id: fault } = control.addDeliveryFault({ kind: 'lose' });
    control.createRepository({ owner: 'acme', name: 'gone' });
    await mirror.sweep();
    control.miscountRepositories({ id, by });
    control.deleteRepository({ repo: 'acme/gone' });
    control.createRepository({ owner: 'acme', name: 'new' });
    control.push({ repo, commits: 1 });
    await mirror.sweep();
    control.removeDeliveryFault({ id: fault });
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    expect(await mirror.rows(`select sync_status from repositories where removed_at is null`)).toEqual([
      { sync_status: 'fresh' },
      { sync_status: 'fresh' },
    ]);
  });

  it('leads to requests for missing repositories, of which none delays another', async () => {
    const { id } = control.addDeliveryFault({ kind: 'lose' });
    const odd = control.createRepository({ owner: 'acme', name: 'odd' });
    control.createRepository({ owner: 'acme', name: 'gone' });
    await mirror.sweep();
    control.deleteRepository({ repo: 'acme/odd' });
    control.deleteRepository({ repo: 'acme/gone' });
    control.push({ repo, commits: 1 });
    control.removeDeliveryFault({ id });
    control.addFault({ action: { kind: 'status', status: 500 }, match: `/repositories/${odd.id}$` });
    await mirror.sweep();
    expect(await mirror.rows(repositoryRows)).toMatchObject([
      { name: 'app', removed_reason: null },
      { name: 'odd', removed_reason: null },
      { name: 'gone', removed_reason: 'access_lost' },
    ]);
    expect(await mirror.rows(`select error ->> 'code' as code from sync_jobs`)).toEqual([
      { code: 'GITHUB_UNAVAILABLE' },
    ]);
    control.clearFaults({});
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});
