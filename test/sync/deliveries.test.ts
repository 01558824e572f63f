import { describe, expect, it } from '@jest/globals';
import { insertDeliveries } from '../../src/db/deliveries/insert-deliveries.ts';
import { recoverDeliveries } from '../../src/sync/delivery-log/recover-deliveries.ts';
import { CONSISTENCY_DELAYS_MS } from '../../src/sync/poll-until-consistent.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control } = useMirror();

const inbox = `select event, action, status, recovered from webhook_deliveries order by received_at, guid`;

/** What one sweep recovers. */
async function recover(): Promise<number> {
  return (await recoverDeliveries(mirror.deps, () => undefined)).recovered;
}

describe('deliveries', () => {
  it('have one effect when sent twice under one GUID', async () => {
    control.addDeliveryFault({ kind: 'duplicate' });
    control.openIssue({ repo });
    await mirror.work();
    expect(await mirror.rows(inbox)).toEqual([
      { event: 'issues', action: 'opened', status: 'processed', recovered: false },
    ]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('change nothing when redelivered days later', async () => {
    control.editIssue({ repo, number: 1, title: 'first' });
    await mirror.work();
    const [{ guid } = { guid: '' }] = await mirror.rows<{ guid: string }>(
      'select guid from webhook_deliveries',
    );
    control.clock({ advance: 5 });
    control.editIssue({ repo, number: 1, title: 'second' });
    await mirror.work();
    // Even from before our memory of it.
    await mirror.rows('delete from webhook_deliveries');
    control.redeliver({ guid });
    await mirror.work();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are ignored for unknown events, and applied for unknown actions of known ones', async () => {
    const repository = { id: 1_060_000_001 };
    const installation = { id: mirror.installationId };
    control.sendDelivery({
      event: 'marketplace_purchase',
      payload: { action: 'created', repository, installation },
    });
    control.sendDelivery({
      event: 'sub_issues',
      payload: { action: 'sub_issue_added', repository, installation },
    });
    control.sendDelivery({ event: 'installation', payload: { action: 'danced', installation } });
    control.sendDelivery({
      event: 'push',
      payload: {
        ref: 'refs/notes/x',
        before: '0'.repeat(40),
        after: '1'.repeat(40),
        repository,
        installation,
      },
    });
    await mirror.work();
    expect(await mirror.rows('select event, status from webhook_deliveries order by event')).toEqual([
      { event: 'installation', status: 'processed' },
      { event: 'marketplace_purchase', status: 'ignored' },
      { event: 'push', status: 'processed' },
      { event: 'sub_issues', status: 'ignored' },
    ]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are kept as failed when they cannot be read, and their repository is compared', async () => {
    control.addDeliveryFault({ kind: 'lose', events: ['issues'] });
    control.editIssue({ repo, number: 1, title: 'unseen' });
    const payload = {
      action: 'edited',
      issue: { id: 1, number: 'one' },
      repository: { id: 1_060_000_001 },
      installation: { id: mirror.installationId },
    };
    control.clearFaults({});
    control.sendDelivery({ event: 'issues', payload });
    await mirror.work();
    expect(await mirror.rows('select status, error from webhook_deliveries')).toEqual([
      { status: 'failed', error: expect.stringContaining('issue') },
    ]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('have no effect for a repository that is not ours', async () => {
    control.createRepository({ owner: 'ann', name: 'own' });
    const repository = { id: 1_060_000_002, full_name: 'ann/own' };
    control.sendDelivery({
      event: 'push',
      payload: {
        ref: 'refs/heads/main',
        before: '0'.repeat(40),
        after: '1'.repeat(40),
        repository,
        installation: { id: mirror.installationId },
      },
    });
    await mirror.work();
    expect(await mirror.rows('select id from repositories')).toEqual([{ id: 1_060_000_001 }]);
    expect(await mirror.rows('select status, error from webhook_deliveries')).toEqual([
      { status: 'ignored', error: expect.stringContaining('1060000002') },
    ]);
  });

  it('are followed by requests until the API shows their change', async () => {
    mirror.deps.consistencyDelaysMs = CONSISTENCY_DELAYS_MS;
    control.faultSettings({ staleSeconds: 1 });
    control.push({ repo, commits: 2 });
    control.comment({ repo, number: 1 });
    await mirror.work();
    control.clearFaults({});
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it("are followed by requests although this clock is ten minutes ahead of the database's", async () => {
    mirror.deps.consistencyDelaysMs = CONSISTENCY_DELAYS_MS;
    const now = Date.now;
    Date.now = () => now() + 600_000;
    try {
      control.faultSettings({ staleSeconds: 1 });
      control.push({ repo, commits: 2 });
      await mirror.work();
      expect(await mirror.rows('select attempts from webhook_deliveries')).toEqual([{ attempts: 1 }]);
    } finally {
      Date.now = now;
    }
    control.clearFaults({});
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are recovered from the delivery log when lost, with 63-bit ids, over several pages', async () => {
    control.addDeliveryFault({ kind: 'drop' });
    for (let number = 0; number < 120; number += 1)
      control.editIssue({ repo, number: 1, title: `title ${number}` });
    control.openIssue({ repo });
    await control.deliveriesDone({});
    expect(await mirror.rows('select 1 from webhook_deliveries')).toEqual([]);
    expect(await recover()).toBe(121);
    expect(await mirror.rows(`select distinct recovered, status from webhook_deliveries`)).toEqual([
      { recovered: true, status: 'pending' },
    ]);
    await mirror.work();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    expect(await recover()).toBe(0);
  });

  it('are not looked for in parts of the log that were read before', async () => {
    for (let number = 0; number < 250; number += 1)
      control.editIssue({ repo, number: 1, title: `title ${number}` });
    await mirror.work();
    mirror.sandbox.world.state.deliveries.forEach((delivery) => (delivery.deliveredAt -= 3_600_000));
    await recover();
    control.resetStats({});
    await recover();
    expect(control.stats().byRoute['GET /app/hook/deliveries']).toBe(1);
  });

  it('are redelivered on request if the log has no payload', async () => {
    control.addDeliveryFault({ kind: 'drop', times: 1 });
    control.openIssue({ repo });
    await control.deliveriesDone({});
    const [delivery] = mirror.sandbox.world.state.deliveries;
    const body = delivery?.body ?? '';
    if (delivery) delivery.body = 'null';
    expect(await recover()).toBe(0);
    expect(control.stats().byRoute['POST /app/hook/deliveries/:delivery_id/attempts']).toBe(1);
    expect(body).toContain('opened');
  });

  it('are not recovered once received under their GUID, although an attempt failed before', async () => {
    control.openIssue({ repo });
    await mirror.work();
    const [delivery] = mirror.sandbox.world.state.deliveries;
    if (delivery) Object.assign(delivery, { status: 'timed out', statusCode: 0 });
    expect(await recover()).toBe(0);
  });

  it('are stored once if inserted twice at once', async () => {
    const delivery = {
      guid: '0b989ba4-242f-11e5-81e1-c7b6966d2516',
      event: 'marketplace_purchase',
      action: null,
      installationId: null,
      repositoryId: null,
      status: 'pending' as const,
      payload: Buffer.from('{}'),
    };
    const stored = await Promise.all(
      Array.from({ length: 8 }, () => insertDeliveries(mirror.db, [delivery])),
    );
    expect(stored.filter((guids) => guids.size === 1)).toHaveLength(1);
  });

  it('are applied once if two processes work on one repository', async () => {
    control.push({ repo, commits: 5 });
    for (let number = 0; number < 5; number += 1) control.openIssue({ repo });
    await control.deliveriesDone({});
    const request = { scope: 'deliveries', shouldProbe: false } as const;
    const outcomes = await Promise.allSettled([
      mirror.sync(1_060_000_001, { ...request, owner: 'one' }),
      mirror.sync(1_060_000_001, { ...request, owner: 'two' }),
    ]);
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { code: 'LEASE_BUSY' } }]);
    await mirror.work();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});

/** The routes asked for while the deliveries of what happens are applied. */
async function askedAfter(happens: () => unknown): Promise<string[]> {
  await mirror.work();
  control.resetStats({});
  happens();
  await mirror.work();
  return Object.keys(control.stats().byRoute);
}

describe('the request after a delivery', () => {
  it('is for one branch if one was created, not for the whole list', async () => {
    const asked = await askedAfter(() => control.createBranch({ repo, branch: 'alone' }));
    expect(asked.filter((route) => /\/branches/.test(route))).toEqual([
      'GET /repositories/:repository_id/branches/*',
    ]);
  });

  it('is for each issue with a renamed label if there are few, not for the whole list', async () => {
    control.openIssue({ repo, labels: ['rare'] });
    const asked = await askedAfter(() => control.editLabel({ repo, name: 'rare', to: 'rarer' }));
    expect(asked.filter((route) => /\/issues/.test(route))).toEqual([
      'GET /repositories/:repository_id/issues/:number',
    ]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});
