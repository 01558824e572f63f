import { setTimeout as sleep } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { SyncError } from '../../src/errors.ts';
import { anHourPasses } from '../further/told.ts';
import { applyAndCompare } from '../support/mirror.ts';
import { useMirror } from '../support/use-mirror.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';

const repo = 'acme/app';
const app = 1_060_000_001;
const nothing = { before: [], after: [] };
const { mirror, control, restart } = useMirror();
let id: number;

beforeEach(() => {
  id = mirror.installationId;
});

function change(): void {
  control.push({ repo, commits: 2 });
  control.openIssue({ repo });
  control.openPull({ repo, head: 'more' });
}

describe('limits', () => {
  it('send no request before the reset of an exhausted rate limit, then the rest', async () => {
    control.growRepositories({ owner: 'acme', count: 20 });
    // Longer than the requests until then take on a busy machine.
    control.setRateLimit({ installationId: id, remaining: 12, resetIn: 8 });
    await expect(mirror.sweep()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    const refused = await mirror.sync(app).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) });
    expect(control.stats().limited).toBe(0);
    await sleep(refused instanceof SyncError ? refused.retryAfterMs : 0);
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    expect(control.stats().limited).toBe(0);
  });

  it.each([403, 429] as const)(
    'send no further request once one is refused because others used up the limit (%i)',
    async (status) => {
      control.limitSettings({ primaryStatus: status });
      control.setRateLimit({ installationId: id, remaining: 0, resetIn: 600 });
      for (let time = 0; time < 2; time += 1) {
        await expect(mirror.sync(app)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
        expect(control.stats().limited).toBe(1);
      }
    },
  );

  it.each(['RATE_LIMITED', 'RATE_LIMIT'] as const)(
    'stop requests after the first GraphQL limit inside a 200 (%s)',
    async (graphqlType) => {
      control.limitSettings({ graphqlType });
      control.setRateLimit({ installationId: id, resource: 'graphql', remaining: 0, resetIn: 600 });
      await expect(mirror.sweep()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
      const { limited } = control.stats();
      await expect(mirror.sweep()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
      // Nobody knew of the first; after it nobody asked again.
      expect(limited).toBe(1);
      expect(control.stats().limited).toBe(1);
    },
  );

  it.each([
    { kind: 'secondary' as const, retryAfter: 30 },
    { kind: 'secondary' as const },
    { kind: 'secondary' as const, status: 429 },
  ])('stop the installation if they are secondary: %j', async (action) => {
    control.addFault({ action, times: 1 });
    const waits = 'retryAfter' in action ? 30_000 : 60_000;
    const error = await mirror.sync(app).then(
      () => null,
      (reason: unknown) => (reason instanceof SyncError ? reason : null),
    );
    expect(error?.code).toBe('SECONDARY_RATE_LIMITED');
    expect(error?.retryAfterMs).toBeGreaterThan(waits - 20_000);
    expect(error?.retryAfterMs).toBeLessThan(waits + 8000);
    const { requests } = control.stats();
    await expect(mirror.sync(app)).rejects.toMatchObject({ code: 'SECONDARY_RATE_LIMITED' });
    expect(control.stats().requests).toBe(requests);
  });

  it('do not slow another installation', async () => {
    control.createRepository({ owner: 'bob', name: 'own' });
    control.install({ account: 'bob' });
    await mirror.work();
    control.setRateLimit({ installationId: id, remaining: 0, resetIn: 3600 });
    const { id: own } = control.createRepository({ owner: 'bob', name: 'second' });
    control.push({ repo: 'bob/own', commits: 1 });
    control.push({ repo: own, commits: 1 });
    await mirror.work();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('do not delay deliveries that need no request', async () => {
    control.setRateLimit({ installationId: id, remaining: 0, resetIn: 3600 });
    control.setRateLimit({ installationId: id, resource: 'graphql', remaining: 0, resetIn: 3600 });
    control.editIssue({ repo, number: 1, title: 'at once' });
    await mirror.work();
    expect(await mirror.rows('select title from issues where number = 1')).toEqual([{ title: 'at once' }]);
  });
});

describe('failures', () => {
  it.each([500, 502, 503, 504])('include an occasional status %i, which is retried', async (status) => {
    control.addFault({ action: { kind: 'status', status }, probability: 0.3 });
    expect(await applyAndCompare(mirror, 'delivered', change)).toEqual(nothing);
  });

  it.each(['reset', 'truncate', 'garble'] as const)(
    'include an occasionally broken answer, which is retried: %s',
    async (kind) => {
      control.addFault({ action: { kind }, probability: 0.2 });
      expect(await applyAndCompare(mirror, 'delivered', change)).toEqual(nothing);
    },
  );

  it('include an answer that never comes', async () => {
    await restart({ github: { timeoutMs: 2000 } });
    control.addFault({ action: { kind: 'hang' }, match: '/issues', times: 1 });
    expect(await applyAndCompare(mirror, 'lost', change)).toEqual(nothing);
  });

  it('of pages that are too large end when they are requested in smaller parts', async () => {
    control.growIssues({ repo, count: 130 });
    control.growCommits({ repo, count: 230 });
    control.addFault({ action: { kind: 'page-too-large', above: 30 } });
    expect(await applyAndCompare(mirror, 'lost', change)).toEqual(nothing);
  });

  it('of queries with too many counts end when they are split', async () => {
    control.growRepositories({ owner: 'acme', count: 30 });
    control.addFault({ action: { kind: 'too-many-counts', above: 20 } });
    expect(await applyAndCompare(mirror, 'lost', change)).toEqual(nothing);
  });

  it.each(['resource-limits', 'graphql-error'] as const)(
    'include errors of GraphQL inside a 200: %s',
    async (kind) => {
      control.addFault({ action: { kind }, times: 3 });
      expect(await applyAndCompare(mirror, 'lost', change)).toEqual(nothing);
      expect(await mirror.rows('select 1 from repositories where removed_at is not null')).toEqual([]);
    },
  );

  it('of GraphQL as a whole leave REST working, and mark nothing as deleted', async () => {
    control.addFault({ action: { kind: 'resource-limits' } });
    await applyAndCompare(mirror, 'lost', change);
    expect(await differencesFromGitHub(mirror, { details: false })).toEqual([
      expect.stringContaining('sync_status is "error"'),
      expect.stringContaining('sync_error is "GRAPHQL_UNAVAILABLE'),
    ]);
    control.clearFaults({});
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('do not prevent an import from completing', async () => {
    await restart({ imported: false });
    mirror.sandbox.world.silently(() => {
      control.growPulls({ repo, count: 40 });
      control.growIssues({ repo, count: 120 });
      for (let number = 4; number < 30; number += 1) {
        control.review({ repo, number, state: 'changes_requested', body: 'No', by: 'ann' });
        control.reviewComment({ repo, number, body: 'Why?', by: 'ann' });
        control.comment({ repo, number, body: 'Well', by: 'ann' });
      }
    });
    for (const action of [{ kind: 'status', status: 502 }, { kind: 'garble' }, { kind: 'reset' }] as const)
      control.addFault({ action, probability: 0.1 });
    control.addFault({ action: { kind: 'graphql-error' }, probability: 0.2 });
    control.addFault({ action: { kind: 'resource-limits' }, probability: 0.2 });
    control.addFault({ action: { kind: 'page-too-large', above: 50 } });
    for (let sweeps = 0; sweeps < 2; sweeps += 1) await mirror.sweep().catch(() => undefined);
    // Chance decides whether an element, or the last query, fails as often as it is requested: that is said, and nothing is lost.
    expect(await mirror.rows('select 1 from repositories where last_synced_at is null')).toEqual([]);
    for (const table of ['issues', 'pull_requests', 'issue_comments', 'pull_request_review_comments'])
      expect(await mirror.rows(`select id from ${table} where deleted_at is not null`)).toEqual([]);
    control.clearFaults({});
    await anHourPasses(mirror);
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('that shorten lists are no evidence of absence', async () => {
    control.growIssues({ repo, count: 250 });
    await mirror.sweep();
    control.addDeliveryFault({ kind: 'lose' });
    control.addFault({ action: { kind: 'status', status: 503 }, match: '/issues\\?.*&(after|page)=' });
    // More than are found by counts and asked for by their numbers, without the list.
    for (let number = 170; number < 210; number += 1) control.deleteIssue({ repo, number });
    await expect(mirror.sync(app, { mode: 'full' })).rejects.toMatchObject({
      code: 'GITHUB_UNAVAILABLE',
    });
    expect(await mirror.rows('select number from issues where deleted_at is not null')).toEqual([]);
    control.clearFaults({});
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('that halve a list under status 200 remove no repository', async () => {
    control.addFault({ action: { kind: 'garble' }, match: '/installation/repositories', times: 2 });
    control.growRepositories({ owner: 'acme', count: 101, commits: 0 });
    await mirror.sweep().catch(() => undefined);
    await mirror.sweep();
    expect(await mirror.rows('select 1 from repositories where removed_at is not null')).toEqual([]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('of comparisons are replaced by a walk of the history', async () => {
    control.addFault({ action: { kind: 'status', status: 500 }, match: '/compare/' });
    expect(
      await applyAndCompare(mirror, 'delivered', () => control.forcePush({ repo, back: 1, commits: 3 })),
    ).toEqual(nothing);
  });
});

describe('tokens', () => {
  it('are retried if refused in their first seconds', async () => {
    await restart({ imported: false });
    mirror.control.faultSettings({ freshTokenSeconds: 1 });
    await mirror.sweep();
    mirror.control.clearFaults({});
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are replaced when expired or revoked in the middle of an import', async () => {
    control.growIssues({ repo, count: 450 });
    control.addFault({ action: { kind: 'latency', ms: 20 } });
    const revoking = setTimeout(() => control.revokeTokens({ id }), 150);
    expect(await applyAndCompare(mirror, 'lost', change)).toEqual(nothing);
    clearTimeout(revoking);
  });

  it('are created although the clock is wrong by minutes', async () => {
    await restart({ imported: false });
    mirror.control.clock({ skewMs: -150_000 });
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});

describe('interrupted work', () => {
  it('continues where its time ended', async () => {
    control.growCommits({ repo, count: 250 });
    control.growIssues({ repo, count: 250 });
    control.growPulls({ repo, count: 120 });
    control.addFault({ action: { kind: 'latency', ms: 5 } });
    let rounds = 0;
    while ((await mirror.sync(app, { deadline: Date.now() + 1 })).state === 'unfinished' && rounds < 60)
      rounds += 1;
    expect(rounds).toBeGreaterThan(2);
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('leaves nothing out when aborted at any instant and resumed', async () => {
    control.growIssues({ repo, count: 350 });
    control.push({ repo, commits: 150 });
    control.addFault({ action: { kind: 'latency', ms: 5 } });
    for (const afterMs of [5, 20, 35, 50, 80, 120]) {
      await mirror.sync(app, { signal: AbortSignal.timeout(afterMs) }).catch(() => undefined);
    }
    await mirror.work();
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});
