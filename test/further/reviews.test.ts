import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { questionsDuring } from '../support/between.ts';
import { applyAndCompare, deliveryModes } from '../support/mirror.ts';
import { useMirrorBetween } from '../support/use-mirror.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';

const repo = 'acme/app';
const nothing = { before: [], after: [] };
const { mirror, control, between, unannounced } = useMirrorBetween({ imported: false });

beforeAll(async () => {
  mirror.sandbox.world.silently(() => {
    control.review({ repo, number: 3, state: 'approved', body: 'Good', by: 'ann' });
    control.reviewComment({ repo, number: 3, body: 'Why?', by: 'acme' });
  });
  await mirror.sweep({ log: false });
});
afterEach(() => {
  between.alter = null;
  control.clearFaults({});
});

function openPull(head: string): number {
  return control.openPull({ repo, head, title: head, by: 'bob' }).number;
}

/** The names of GraphQL's questions, and the paths below the repository, that an act asks. */
async function asked(act: () => Promise<unknown>): Promise<string[]> {
  const questions = await questionsDuring(between, act);
  return questions.filter((one) => !one.startsWith('GET /app') && !one.endsWith('/access_tokens'));
}

/** Nothing changed so lately that another change could hide behind it. */
async function growOld(): Promise<void> {
  await mirror.rows(`update pull_requests set detail_of = updated_at`);
  await mirror.rows(
    `update repository_sync set seen = jsonb_set(seen, '{asked_at}', '"2100-01-01T00:00:00Z"')`,
  );
  // GitHub's clocks have seconds: within the one that was looked at it would not show.
  await sleep(1100);
}

/** Spoils GraphQL's answer about one pull request. */
function spoil(number: number, change: (node: Record<string, unknown>) => unknown): void {
  between.alter = (answer) => {
    if (!answer.question.includes('PullRequestDetails')) return;
    const body: { data: { nodes: Record<string, unknown>[] } } = JSON.parse(answer.body);
    const nodes = body.data.nodes.map((node) => (node['number'] === number ? change(node) : node));
    answer.body = JSON.stringify({ ...body, data: { ...body.data, nodes } });
  };
}

it('imports reviews with the detail of their pull requests', async () => {
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('imports the author of a review whose id GraphQL cannot show', async () => {
  control.createAccount({ login: 'newest', id: 3_000_000_001 });
  const number = openPull('by-the-newest');
  await mirror.work();
  await unannounced(() => {
    control.review({ repo, number, state: 'approved', by: 'newest' });
    control.review({ repo, number, state: 'commented', body: 'Again', by: 'newest' });
  });
  const questions = await asked(() => mirror.sweep());
  expect(questions.filter((one) => one.includes('/users/'))).toEqual(['GET /users/newest']);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  await mirror.verify();
  const authors = await mirror.rows(
    `select distinct github_id from pull_request_reviews join contributors c on c.id = author_id
     where author_login = 'newest'`,
  );
  expect(authors).toEqual([{ github_id: 3_000_000_001 }]);
});

describe.each(deliveryModes)('reviews, threads and details %s', (way) => {
  it('are right, beginning with a pull request that is new', async () => {
    const happened = await applyAndCompare(mirror, way, () => {
      const number = openPull(`new-${deliveryModes.indexOf(way)}`);
      control.review({ repo, number, state: 'changes_requested', body: 'no', by: 'ann' });
      control.reviewComment({ repo, number, body: 'Why?', by: 'ann' });
      control.synchronizePull({ repo, number, commits: 2 });
      control.editReview({ repo, number, body: 'not yet', by: 'ann' });
      control.dismissReview({ repo, number });
      control.startReview({ repo, number, by: 'ann' });
      control.review({ repo, number, state: 'approved', by: 'acme' });
      control.mergePull({ repo, number, method: 'squash', by: 'ann' });
    });
    expect(happened).toEqual(nothing);
  });

  it('follow changes without a timestamp', async () => {
    const number = openPull(`clock-${deliveryModes.indexOf(way)}`);
    const [, second] = [1, 2].map(() => control.reviewComment({ repo, number, body: 'Why?', by: 'ann' }));
    await mirror.work();
    const happened = await applyAndCompare(mirror, way, () => {
      control.resolveThread({ repo, number, by: 'ann' });
      control.resolveThread({ repo, number, resolved: false, by: 'ann' });
      control.resolveThread({ repo, number, by: 'bob' });
      control.deleteReviewComment({ repo, number, ...(second && { id: second.comment.id }) });
    });
    // Nothing shows what was lost: it is found where all is compared.
    if (way === 'lost') await mirror.verify();
    else expect(happened).toEqual(nothing);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});

describe('the number of requests', () => {
  it('is zero for quiet repositories, and one query for each kind that changed', async () => {
    await mirror.sweep();
    await growOld();
    control.resetStats({});
    expect(await asked(() => mirror.sweep())).toEqual(['GET /installation/repositories', 'Probe']);
    // Three of the App's own, the list and a question of one point: what it cost before there were further kinds.
    expect(control.stats().points).toBe(5);
    await unannounced(() => control.review({ repo, number: 3, state: 'commented', body: 'Hm', by: 'ann' }));
    const once = await asked(() => mirror.sweep());
    // Comments are looked for too: GitHub shows that the pull request changed, not what of it.
    expect(once).toEqual(
      ['GET /installation/repositories', 'Probe', '/pulls'].concat([
        '/pulls/comments',
        'CommentCounts',
        'PullRequestDetails',
        '/issues/comments',
      ]),
    );
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('is four queries for a hundred pull requests that are read for the first time', async () => {
    control.growPulls({ repo, count: 97 });
    await mirror.sweep();
    await mirror.rows(`delete from pull_request_reviews`);
    await mirror.rows(`update pull_requests set additions = null`);
    await mirror.rows(`update repository_sync set imported = imported - 'pull_request_reviews'`);
    const count = await mirror.rows(`select 1 from pull_requests`);
    const questions = await asked(() => mirror.sweep());
    expect(questions.filter((one) => one === 'PullRequestDetails')).toHaveLength(
      Math.ceil(count.length / 25),
    );
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});

describe('reviews and details, when GitHub fails', () => {
  it.each([
    ['that GitHub does not show', () => null],
    ['a review of which cannot be read', (node) => ({ ...node, reviews: listOf([{ state: 7 }]) })],
  ] satisfies [string, (node: Record<string, unknown>) => unknown][])(
    'leave out a pull request %s, and nothing else',
    async (what, change) => {
      const beside = openPull(`beside-${what.replaceAll(' ', '-')}`);
      await mirror.work();
      await unannounced(() => {
        control.review({ repo, number: 3, state: 'commented', body: 'Spoilt', by: 'ann' });
        control.review({ repo, number: beside, state: 'commented', body: 'Beside it', by: 'ann' });
      });
      spoil(3, change);
      const outcome = await mirror.sync(1_060_000_001);
      expect(outcome).toMatchObject({ state: 'done', error: { code: 'GITHUB_BAD_ANSWER' } });
      const differing = await differencesFromGitHub(mirror);
      expect(differing).toHaveLength(1);
      expect(differing[0]).toMatch(/^pull_request_reviews \d+: missing \(/);
      between.alter = null;
      await mirror.sweep();
      expect(await differencesFromGitHub(mirror)).toEqual([]);
      expect(
        await mirror.rows(`select unread from repository_sync where unread ? 'pull_request_details'
        and unread -> 'pull_request_details' <> '[]'`),
      ).toEqual([]);
    },
  );

  it('read a pull request that GraphQL shows in an unreadable form by REST', async () => {
    await mirror.work();
    await unannounced(() =>
      control.review({ repo, number: 3, state: 'commented', body: 'Spoilt', by: 'ann' }),
    );
    spoil(3, (node) => ({ ...node, additions: undefined, number: 'three' }));
    expect(await mirror.sync(1_060_000_001)).toMatchObject({ state: 'done' });
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('read once more a pull request whose lists come empty although GitHub counts some', async () => {
    await unannounced(() => {
      control.review({ repo, number: 3, state: 'commented', body: 'Unlisted', by: 'ann' });
      control.reviewComment({ repo, number: 3, body: 'Unlisted', by: 'acme' });
    });
    let times = 0;
    spoil(3, (node) => {
      times += 1;
      if (times > 1) return node;
      const unlisted = { totalCount: 5, pageInfo: { hasNextPage: false, endCursor: null }, nodes: [] };
      return { ...node, reviews: unlisted, reviewThreads: unlisted };
    });
    await mirror.sweep();
    expect([times, await differencesFromGitHub(mirror)]).toEqual([2, []]);
  });

  it('read many reviews and threads of one pull request in small pages', async () => {
    const number = openPull('much');
    mirror.sandbox.world.silently(() => {
      for (let n = 0; n < 60; n += 1) {
        control.review({
          repo,
          number,
          state: 'commented',
          body: n === 0 ? 'x'.repeat(65_536) : '',
          by: 'ann',
        });
        control.reviewComment({ repo, number, body: 'Why?', by: 'ann' });
      }
    });
    control.addFault({
      action: { kind: 'page-too-large', above: 30 },
      match: 'graphql.*PullRequestDetails|More',
    });
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are not marked as deleted if GitHub does not answer', async () => {
    await unannounced(() => control.review({ repo, number: 3, state: 'commented', body: 'Late', by: 'ann' }));
    control.addFault({ action: { kind: 'resource-limits' }, match: 'PullRequestDetails|ThreadRoots' });
    await mirror.sweep();
    expect(await mirror.rows(`select sync_status from repositories where full_name = '${repo}'`)).toEqual([
      { sync_status: 'fresh' },
    ]);
    control.clearFaults({});
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});

it('repairs any damaged column, missing and superfluous rows in a verification', async () => {
  await mirror.verify();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  const damages = [
    ...[`state = 'DISMISSED'`, `body = 'x'`, `commit_sha = 'x'`, `number = 2`, `pull_request_id = 1`]
      .concat([`author_login = 'x', author_id = null`, `author_association = 'X'`, `submitted_at = now()`])
      .concat([`deleted_at = now()`])
      .map((change) => ['pull_request_reviews', change]),
    ...[`resolved = not resolved`, `resolved_by_login = 'x'`, `path = 'x'`, `number = 2`]
      .concat([`pull_request_id = 1`, `node_id = 'x'`, `deleted_at = now()`])
      .map((change) => ['pull_request_review_threads', change]),
    ...['additions', 'deletions', 'changed_files', 'commits_count', 'comments_count']
      .map((column) => `${column} = 77`)
      .concat([`first_commit_at = now()`, `ready_for_review_at = now()`, `merged_by_login = 'x'`])
      .map((change) => ['pull_requests', change]),
  ];
  for (const [table, change] of damages) {
    await mirror.rows(
      `update ${table} set ${change} where id = (select min(id) from ${table} where number = 3)`,
    );
  }
  // One after another they would take a comparison each: of one table only the last one of a column is left.
  await mirror.verify();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  await mirror.rows(`delete from pull_request_reviews where body = 'Good'`);
  await mirror.rows(`insert into pull_request_reviews (id, repository_id, pull_request_id, number, state)
    select 7, repository_id, id, number, 'APPROVED' from pull_requests where number = 3`);
  await mirror.rows(`insert into pull_request_review_threads
    (id, node_id, repository_id, pull_request_id, number, path, resolved)
    select 7, 'PRRT_none', repository_id, id, number, 'a', false from pull_requests where number = 3`);
  expect(await mirror.verify()).toBe(3);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  expect(await mirror.verify()).toBe(0);
});

function listOf(nodes: unknown[]): unknown {
  return { totalCount: nodes.length, pageInfo: { hasNextPage: false, endCursor: null }, nodes };
}
