import { expect, it } from '@jest/globals';
import { probeRepositories } from '../../src/sync/installation/probe-repositories.ts';
import type { PassingAnswer } from '../support/between.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';

const repo = 'acme/app';
const REPOSITORY = 1_060_000_001;
const { mirror, control, unannounced, between } = useMirrorBetweenEach();

function withoutGraphql(answer: PassingAnswer): void {
  if (!answer.request.includes('/graphql')) return;
  answer.status = 502;
  answer.body = '<html>Bad Gateway</html>';
}

const HOUR = 3600;
const now = () => Math.floor(Date.now() / 1000);

const deliveriesOf = (event: string) =>
  mirror.rows(
    `select status, split_part(error, ':', 1) as code from webhook_deliveries where event = '${event}'`,
  );
const ended = { status: 'processed', code: 'GRAPHQL_UNAVAILABLE' };

it('finds a review comment that a changed pull request lost while GraphQL was unavailable, once it answers', async () => {
  mirror.sandbox.world.clock.freeze(now() - 3 * HOUR);
  const { comment } = control.reviewComment({ repo, number: 3, body: 'Not for long' });
  control.reviewComment({ repo, number: 3, body: 'For good' });
  await mirror.work();
  await mirror.sweep();
  // Comments were last read two hours ago, and what is done now was done an hour ago.
  await mirror.rows(`update repository_sync set high_water_marks = (
    select jsonb_object_agg(key, now() - interval '2 hours') from jsonb_each(high_water_marks))
    where high_water_marks <> '{}'`);
  mirror.sandbox.world.clock.freeze(now() - HOUR);
  between.alter = withoutGraphql;
  await unannounced(() => {
    control.editIssue({ repo, number: 3, title: 'Changed' });
    control.deleteReviewComment({ repo, number: 3, id: comment.id });
  });
  await mirror.sweep();
  await mirror.sweep();
  between.alter = null;
  await mirror.sweep();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('reads a review thread whose deliveries arrived in reverse while GraphQL was unavailable, once it answers', async () => {
  mirror.sandbox.world.clock.freeze(now() - HOUR);
  control.reviewComment({ repo, number: 3, body: 'Why?', by: 'ann' });
  await mirror.work();
  await mirror.sweep();
  between.alter = withoutGraphql;
  await mirror.sweep();
  await mirror.sweep();
  const { id } = control.addDeliveryFault({ kind: 'hold' });
  control.resolveThread({ repo, number: 3 });
  control.resolveThread({ repo, number: 3, resolved: false });
  control.removeDeliveryFault({ id });
  for (const last of [1, 0]) {
    control.releaseDeliveries({ order: [last] });
    await mirror.work();
  }
  expect(await deliveriesOf('pull_request_review_thread')).toEqual([ended, ended]);
  between.alter = null;
  await mirror.sweep();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('keeps a delivery pending the first time GraphQL is given up, because that may be transient', async () => {
  control.push({ repo, branch: 'other', commits: 1 });
  await mirror.work();
  between.alter = (answer) => {
    withoutGraphql(answer);
    // Whether the default branch is gone is then asked of GraphQL, before the detail.
    if (answer.request.endsWith('/branches/main')) Object.assign(answer, { status: 404, body: '{}' });
  };
  control.deleteBranch({ repo, branch: 'other' });
  control.review({ repo, number: 3, state: 'approved' });
  await control.deliveriesDone({});
  await mirror.rows(
    `update webhook_deliveries set payload = jsonb_set(payload, '{ref}', '"main"') where event = 'delete'`,
  );
  await mirror.sync(REPOSITORY, { scope: 'deliveries', shouldProbe: false });
  expect(await deliveriesOf('pull_request_review')).toEqual([
    { status: 'pending', code: 'GRAPHQL_UNAVAILABLE' },
  ]);
});

it('completes no delivery of several pull requests as if GraphQL had answered', async () => {
  const numbers = Array.from({ length: 6 }, (_one, n) => control.openPull({ repo, head: `b${n}` }).number);
  await mirror.work();
  between.alter = withoutGraphql;
  for (const number of numbers) control.review({ repo, number, state: 'approved' });
  await control.deliveriesDone({});
  await mirror.sync(REPOSITORY, { scope: 'deliveries', shouldProbe: false });
  const waiting = { status: 'pending', code: 'GITHUB_UNAVAILABLE' };
  expect(await deliveriesOf('pull_request_review')).toEqual(numbers.map(() => waiting));
});

it.each([
  ['GraphQL alone', '/graphql', 61],
  ['all of GitHub', '/', 0],
])(
  'reports in the job how many repositories are left out because %s does not answer',
  async (_what, path, told) => {
    await mirror.rows(`insert into repositories select (jsonb_populate_record(r, jsonb_build_object('id', n, 'node_id', 'R' || n,
    'full_name', 'acme/' || n))).* from repositories r, generate_series(1, 100) n where r.id = ${REPOSITORY}`);
    between.alter = (answer) => {
      if (answer.request.includes(path)) Object.assign(answer, { status: 502, body: '' });
    };
    const { deps, installationId, jobId } = mirror;
    await probeRepositories(deps, { installationId, jobId, freshForMs: 0 });
    expect(
      await mirror.rows(
        `select coalesce((errors_by_code ->> 'GRAPHQL_UNAVAILABLE')::int, 0) as n from sync_jobs`,
      ),
    ).toEqual([{ n: told }]);
  },
);

it('counts the turn of a repository for which REST fails too', async () => {
  between.alter = (answer) => {
    withoutGraphql(answer);
    if (answer.request.includes('/labels')) Object.assign(answer, { status: 502, body: '' });
  };
  await expect(mirror.sync(REPOSITORY)).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
  expect(
    await mirror.rows(`select without_graphql_at is not null as compared from repository_sync
      where repository_id = ${REPOSITORY}`),
  ).toEqual([{ compared: true }]);
});
