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
