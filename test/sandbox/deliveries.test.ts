import { verify } from '@octokit/webhooks-methods';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startHarness, type Harness } from './harness.ts';

let github: Harness;
const repo = 'acme/app';

beforeAll(async () => {
  github = await startHarness();
});

afterEach(async () => {
  github.sandbox.control.clearFaults({});
  github.receiver.status = 202;
  await github.arrived();
});

afterAll(() => github.close());

async function names(): Promise<string[]> {
  return (await github.arrived()).map(({ event, payload }) =>
    [event, payload.action].filter(Boolean).join('.'),
  );
}

describe('deliveries', () => {
  it('are signed and carry GitHub’s headers', async () => {
    github.sandbox.control.openIssue({ repo });
    const [delivery] = await github.arrived();
    if (!delivery) throw new Error('nothing arrived');
    const { headers, body } = delivery;
    const signature = String(headers['x-hub-signature-256']);
    expect(await verify(github.sandbox.webhookSecret, body, signature)).toBe(true);
    expect(headers).toMatchObject({
      'x-github-event': 'issues',
      'x-github-hook-installation-target-type': 'integration',
      'x-github-hook-installation-target-id': String(github.sandbox.appId),
      'content-type': 'application/json',
    });
    expect(headers['user-agent']).toMatch(/^GitHub-Hookshot\//);
    expect(headers['x-hub-signature']).toMatch(/^sha1=/);
  });

  it('can be form-encoded, signed as they are sent', async () => {
    const { control, webhookSecret } = github.sandbox;
    await github.asApp('/app/hook/config', 'PATCH', { content_type: 'form' });
    control.openIssue({ repo, title: 'ünïcode & more' });
    const [delivery] = await github.arrived();
    control.setWebhook({ contentType: 'json' });
    expect(delivery?.payload.issue.title).toBe('ünïcode & more');
    expect(delivery?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    const signature = String(delivery?.headers['x-hub-signature-256']);
    expect(await verify(webhookSecret, delivery?.body ?? '', signature)).toBe(true);
  });

  it('describe pushes with epoch times and at most 2,048 commits', async () => {
    github.sandbox.control.push({ repo, commits: 2100 });
    const [{ payload } = { payload: null }] = await github.arrived();
    expect(payload.commits).toHaveLength(2048);
    expect(payload.head_commit.id).toBe(payload.after);
    expect(typeof payload.repository.pushed_at).toBe('number');
  });

  it('mark commits pushed before as not distinct, and a push that drops the old head as forced', async () => {
    const { control } = github.sandbox;
    control.push({ repo, branch: 'side', commits: 1 });
    control.mergeBranches({ repo, from: ['side'] });
    control.forcePush({ repo, back: 1, commits: 1 });
    const pushes = (await github.arrived()).filter(({ event }) => event === 'push');
    const payloads = pushes.map(({ payload }) => payload);
    const side = payloads.find(({ ref }) => ref === 'refs/heads/side');
    const merge = payloads.find(({ forced, ref }) => !forced && ref === 'refs/heads/main');
    const force = payloads.find(({ forced }) => forced);
    expect([side.created, side.base_ref, side.commits.length]).toEqual([true, null, 1]);
    expect(merge.commits.map((commit: { distinct: boolean }) => commit.distinct)).toEqual([false, true]);
    expect([merge.forced, force.forced, force.before]).toEqual([false, true, merge.after]);
  });

  it('are not sent if more than three tags are pushed at once', async () => {
    const { control } = github.sandbox;
    control.pushTags({ repo, tags: { a: 'main', b: 'main', c: 'main', d: 'main' } });
    expect(await names()).toEqual([]);
    control.pushTags({ repo, tags: { a: null } });
    expect((await names()).sort()).toEqual(['delete', 'push']);
  });

  it('are not sent to suspended installations or without the permission, nor later', async () => {
    const { control } = github.sandbox;
    const { id, permissions } = github.installation;
    control.suspend({ id });
    control.openIssue({ repo });
    control.unsuspend({ id });
    expect((await names()).sort()).toEqual(['installation.suspend', 'installation.unsuspend']);
    control.changePermissions({ id, permissions: { metadata: 'read', contents: 'read' } });
    control.openIssue({ repo });
    control.changePermissions({ id, permissions });
    expect(await names()).not.toContain('issues.opened');
  });

  it('follow a repository from one installation to another', async () => {
    const { control } = github.sandbox;
    control.createAccount({ login: 'initech', type: 'Organization' });
    const { id } = control.install({ account: 'initech' });
    control.createRepository({ owner: 'acme', name: 'wanderer' });
    await github.arrived();
    control.transferRepository({ repo: 'acme/wanderer', to: 'initech' });
    const told = (await github.arrived()).map(({ event, payload }) => [
      event,
      payload.action,
      payload.installation.id,
    ]);
    expect(told).toHaveLength(3);
    expect(told).toEqual(
      expect.arrayContaining([
        ['installation_repositories', 'removed', github.installation.id],
        ['installation_repositories', 'added', id],
        ['repository', 'transferred', id],
      ]),
    );
  });
});

describe('delivery faults', () => {
  it('lose, duplicate, hold and reorder deliveries', async () => {
    const { control } = github.sandbox;
    control.addDeliveryFault({ kind: 'lose', events: ['issues.opened'], times: 1 });
    control.openIssue({ repo });
    control.addDeliveryFault({ kind: 'duplicate', times: 1 });
    control.openIssue({ repo });
    const twice = await github.arrived();
    expect(twice).toHaveLength(2);
    expect(new Set(twice.map(({ guid }) => guid)).size).toBe(1);
    control.addDeliveryFault({ kind: 'hold' });
    const { number } = control.openIssue({ repo });
    control.closeIssue({ repo, number });
    expect(await names()).toEqual([]);
    control.releaseDeliveries({ order: [1] });
    expect(await names()).toEqual(['issues.closed']);
    control.releaseDeliveries({});
    expect(await names()).toEqual(['issues.opened']);
    control.clearFaults({});
    control.addDeliveryFault({ kind: 'delay', ms: 60, times: 1 });
    control.openIssue({ repo });
    expect(await names()).toEqual(['issues.opened']);
  });
});

const list = async (query = '') => (await github.asApp(`/app/hook/deliveries${query}`)).text;
const ids = (text: string) =>
  [...text.matchAll(/"id":(\d+),"guid":"([^"]+)"/g)].map(([, id, guid]) => ({ id, guid }));

describe('the delivery log', () => {
  it('has 63-bit ids, newest first, paged by cursors', async () => {
    const { control } = github.sandbox;
    for (let at = 0; at < 3; at += 1) control.openIssue({ repo });
    await github.arrived();
    const first = await github.asApp('/app/hook/deliveries?per_page=2');
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await github.asApp(next.replace(github.sandbox.url, ''));
    const found = [...ids(first.text), ...ids(second.text)].map(({ id }) => BigInt(id ?? 0));
    expect(found).toHaveLength(4);
    expect(found).toEqual([...found].sort((a, b) => (a < b ? 1 : -1)));
    expect(found.at(-1)).toBeGreaterThan(2n ** 53n);
  });

  it('distinguishes failures with and without an HTTP answer, and counts only the former', async () => {
    const { control } = github.sandbox;
    github.receiver.status = 500;
    control.openIssue({ repo, title: 'refused' });
    await github.arrived();
    control.addDeliveryFault({ kind: 'drop', times: 1 });
    control.openIssue({ repo, title: 'dropped' });
    await github.arrived();
    const [failure] = JSON.parse(await list('?status=failure'));
    expect(failure).toMatchObject({ status_code: 500, event: 'issues', action: 'opened' });
    const [newest] = JSON.parse(await list('?per_page=1'));
    expect(newest).toMatchObject({ status: 'timed out', status_code: 0 });
  });

  it('redelivers under the same GUID with the old payload', async () => {
    const { control } = github.sandbox;
    const { number } = control.openIssue({ repo, title: 'first' });
    const [original] = await github.arrived();
    control.editIssue({ repo, number, title: 'second' });
    await github.arrived();
    const id = ids(await list()).find(({ guid }) => guid === original?.guid)?.id;
    expect((await github.asApp(`/app/hook/deliveries/${id}/attempts`, 'POST')).status).toBe(202);
    const [again] = await github.arrived();
    expect([again?.guid, again?.body]).toEqual([original?.guid, original?.body]);
    const [entry] = JSON.parse(await list('?per_page=1'));
    expect(entry).toMatchObject({ redelivery: true, guid: original?.guid });
    expect(String(ids(await list())[0]?.id)).not.toBe(id);
  });

  it('holds thousands of lost deliveries without creating them before they are requested', async () => {
    const { control } = github.sandbox;
    control.openIssue({ repo });
    await github.arrived();
    control.growLostDeliveries({ count: 5000 });
    const text = await list('?per_page=100');
    expect(new Set(ids(text).map(({ guid }) => guid)).size).toBe(100);
    expect(JSON.parse(text)[99]).toMatchObject({ event: 'issues', status: 'timed out', status_code: 0 });
    const [one] = ids(text);
    await github.asApp(`/app/hook/deliveries/${one?.id}/attempts`, 'POST');
    expect((await github.arrived()).map(({ guid }) => guid)).toEqual([one?.guid]);
  });

  it('omits a body replayed under another event name, which keeps its signature', async () => {
    const { control } = github.sandbox;
    control.openIssue({ repo });
    const [original] = await github.arrived();
    const before = ids(await list('?per_page=1'));
    control.replayDelivery({ headers: { 'x-github-event': 'push', 'x-github-delivery': 'another' } });
    const [again] = await github.arrived();
    expect([again?.event, again?.guid, again?.body]).toEqual(['push', 'another', original?.body]);
    expect(again?.headers['x-hub-signature-256']).toBe(original?.headers['x-hub-signature-256']);
    expect(ids(await list('?per_page=1'))).toEqual(before);
  });

  it('drops deliveries after three days', async () => {
    github.sandbox.control.clock({ skewMs: 3 * 86_400_000 + 1000 });
    const now = Math.floor(Date.now() / 1000) + 3 * 86_400;
    const jwt = await github.jwt({ iat: now, exp: now + 500 });
    const { body } = await github.get('/app/hook/deliveries', { authorization: `Bearer ${jwt}` });
    github.sandbox.control.clock({ skewMs: 0 });
    expect(body).toEqual([]);
  });
});
