import { describe, expect, it } from '@jest/globals';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control, between, unannounced } = useMirrorBetweenEach();

/** A pull request with reviews, that was a draft, and one with a conversation on its lines. */
function work(): void {
  const { number } = control.openPull({ repo, head: 'plain', draft: true, by: 'bob' });
  control.setDraft({ repo, number, draft: false });
  control.review({ repo, number, state: 'approved', body: '', by: 'ann' });
  control.comment({ repo, number });
  control.review({ repo, number: 3, state: 'commented', body: 'Hm', by: 'ann' });
  control.reviewComment({ repo, number: 3, body: 'Why?', by: 'ann' });
}

describe('the detail of pull requests, if GraphQL does not answer', () => {
  it.each([
    ['on a server whose schema lacks a field', 'PullRequestDetails'],
    ['behind a proxy that lets no query through', '/graphql'],
  ])('is read by REST, all but review threads: %s', async (_words, match) => {
    const older = { kind: 'undefined-field', type: 'PullRequest', field: 'fullDatabaseId' } as const;
    const proxy = { kind: 'status', status: 404 } as const;
    control.addFault({ action: match === '/graphql' ? proxy : older, match });
    await unannounced(work);
    await mirror.sweep();
    await mirror.sweep();
    const differing = await differencesFromGitHub(mirror);
    const others = differing.filter(
      (one) => !/^pull_request_review_threads|^tags|sync_(status|error)/.test(one),
    );
    expect(others).toEqual([]);
    expect(differing.some((one) => one.startsWith('pull_request_review_threads'))).toBe(true);
    control.clearFaults({});
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('is read of some pull requests in each round, at four requests each', async () => {
    await mirror.work();
    control.growPulls({ repo, count: 60 });
    control.addFault({ action: { kind: 'status', status: 404 }, match: '/graphql' });
    const unread = `select count(*)::int as n from pull_requests where additions is null`;
    const { length: before } = between.requests;
    // In two rounds: the first failure of GraphQL is retried at once.
    await mirror.sweep();
    expect(await mirror.rows(unread)).toEqual([{ n: 10 }]);
    const asked = between.requests.slice(before).filter((request) => /\/pulls\/\d+|\/events/.test(request));
    expect(asked).toHaveLength(4 * 50);
    await mirror.sweep();
    expect(await mirror.rows(unread)).toEqual([{ n: 0 }]);
  });

  it('is read of each in turn, also if more lack their review threads than are recorded one by one', async () => {
    await mirror.work();
    const [last] = await mirror.rows<{ number: number }>(
      'select max(number) as number from (select number from issues union all select number from pull_requests) all_numbers',
    );
    // An hour ago: what changed within the last minute is read apart.
    control.clock({ freeze: Math.floor(Date.now() / 1000) - 3600 });
    control.growPulls({ repo, count: 60 });
    for (let at = 1; at <= 60; at += 1)
      control.growComments({ repo, number: (last?.number ?? 0) + at, count: 1, lines: true });
    control.clock({ run: true });
    const recorded = `jsonb_build_object('number', 1000 + n, 'since', null, 'reason', 'r', 'met_at', now(), 'first_met_at', now())`;
    await mirror.rows(`update repository_sync set unread = jsonb_build_object('pull_request_details',
      (select jsonb_agg(${recorded}) from generate_series(1, 200) n))`);
    control.addFault({ action: { kind: 'status', status: 404 }, match: '/graphql' });
    await mirror.sweep();
    await mirror.sweep();
    expect(await mirror.rows('select number from pull_requests where additions is null')).toEqual([]);
    control.clearFaults({});
    await mirror.sweep();
    const threads = 'select count(distinct number)::int as n from pull_request_review_threads';
    expect(await mirror.rows(threads)).toEqual([{ n: 60 }]);
  });

  it('completes deliveries that need no review threads at once, on a server whose schema lacks a field', async () => {
    await mirror.work();
    const older = { kind: 'undefined-field', type: 'PullRequest', field: 'fullDatabaseId' } as const;
    control.addFault({ action: older, match: 'PullRequestDetails' });
    work();
    await mirror.work();
    const waiting = `select event, action, status, error from webhook_deliveries where status <> 'processed' or error is not null`;
    expect(await mirror.rows(waiting)).toEqual([]);
    const lacking = (await differencesFromGitHub(mirror)).filter(
      (one) => !one.startsWith('pull_request_review_threads'),
    );
    expect(lacking).toEqual([]);
    control.clearFaults({});
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it.each([
    ['on a server whose schema lacks a field', 'PullRequestDetails'],
    ['behind a proxy that lets no query through', '/graphql'],
  ])('is verified of each in turn: %s', async (_words, match) => {
    await mirror.work();
    control.growPulls({ repo, count: 60 });
    await mirror.sweep();
    const older = { kind: 'undefined-field', type: 'PullRequest', field: 'fullDatabaseId' } as const;
    const proxy = { kind: 'status', status: 404 } as const;
    control.addFault({ action: match === '/graphql' ? proxy : older, match });
    await mirror.rows('update pull_requests set additions = 12345');
    for (let times = 0; times < 3; times += 1) await mirror.verify();
    expect(await mirror.rows('select number from pull_requests where additions = 12345')).toEqual([]);
  });

  it.each(['/pulls/\\d+/commits', '/issues/\\d+/events'])(
    'keeps what is known if %s answers 404',
    async (match) => {
      await unannounced(work);
      await mirror.sweep();
      const known = `select number, first_commit_at, ready_for_review_at from pull_requests order by number`;
      const before = await mirror.rows(known);
      control.addFault({ action: { kind: 'status', status: 404 }, match: '/graphql' });
      control.addFault({ action: { kind: 'status', status: 404 }, match });
      await mirror.verify();
      expect(await mirror.rows(known)).toEqual(before);
    },
  );
});
