import { expect, it } from '@jest/globals';
import { CONSISTENCY_DELAYS_MS } from '../../src/sync/poll-until-consistent.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const pull = { repo: 'acme/app', number: 3 };
const { mirror, control } = useMirror();

it('marks a thread with its only comment although GitHub shows it for another second', async () => {
  mirror.deps.consistencyDelaysMs = CONSISTENCY_DELAYS_MS;
  const { comment } = control.reviewComment({ ...pull, body: 'Never mind', by: 'ann' });
  await mirror.work();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  control.faultSettings({ staleSeconds: 1 });
  control.deleteReviewComment({ ...pull, id: comment.id });
  await mirror.work();
  control.clearFaults({});
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it('keeps one row of a thread that was also stored by the comment behind its deleted first one', async () => {
  const { comment: first } = control.reviewComment({ ...pull, body: 'Why?', by: 'ann' });
  const { comment: reply } = control.reviewComment({ ...pull, body: 'So', by: 'bob', inReplyTo: first.id });
  control.deleteReviewComment({ ...pull, id: first.id });
  await mirror.work();
  // As when GitHub's answer about the thread arrives before the reply's delivery is written.
  await mirror.rows(`insert into pull_request_review_threads
    (id, repository_id, pull_request_id, number, node_id, path, resolved)
    select ${reply.id}, repository_id, pull_request_id, number, node_id, path, resolved
    from pull_request_review_threads where deleted_at is null`);
  control.editIssue({ ...pull, title: 'Touched' });
  await mirror.work();
  expect(
    await mirror.rows(`select id, deleted_at is null as live from pull_request_review_threads order by id`),
  ).toEqual([
    { id: first.id, live: true },
    { id: reply.id, live: false },
  ]);
});
