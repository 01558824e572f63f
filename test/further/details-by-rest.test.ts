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
});
