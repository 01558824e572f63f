import { expect, it } from '@jest/globals';
import { CONSISTENCY_DELAYS_MS } from '../../src/sync/poll-until-consistent.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control } = useMirror();

/** The field of the payload that shows it; makes one, changed by what it returns. */
const kinds: Record<string, [subject: string, make: () => (words: string) => unknown]> = {
  issue: ['issue', () => (title) => control.editIssue({ repo, number: 1, title })],
  'pull request': ['pull_request', () => (title) => control.editIssue({ repo, number: 3, title })],
  comment: [
    'comment',
    () => {
      control.comment({ repo, number: 1 });
      return (body) => control.editComment({ repo, number: 1, body });
    },
  ],
  'review comment': [
    'comment',
    () => {
      control.reviewComment({ repo, number: 3 });
      return (body) => control.editReviewComment({ repo, number: 3, body });
    },
  ],
  milestone: [
    'milestone',
    () => {
      const { number } = control.createMilestone({ repo, title: 'M' }).milestone;
      return (description) => control.editMilestone({ repo, number, description });
    },
  ],
};

it.each(Object.entries(kinds))(
  "requests a %s with an odd field in its payload until GitHub's answer is as new as the payload",
  async (_name, [subject, make]) => {
    const edit = make();
    await mirror.work();
    mirror.deps.consistencyDelaysMs = CONSISTENCY_DELAYS_MS;
    control.faultSettings({ staleSeconds: 1 });
    edit('newest');
    await control.deliveriesDone({});
    await mirror.rows(`update webhook_deliveries set payload = jsonb_set(payload, '{${subject},created_at}', '7')
      where status = 'pending' and payload ? '${subject}'`);
    await mirror.work();
    expect(await mirror.rows('select error from webhook_deliveries where error is not null')).toEqual([]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  },
);

it('requests a comment edited within the second of its creation until GitHub shows the edit', async () => {
  control.comment({ repo, number: 1, body: 'first' });
  await mirror.work();
  mirror.deps.consistencyDelaysMs = CONSISTENCY_DELAYS_MS;
  control.faultSettings({ staleSeconds: 1 });
  control.editComment({ repo, number: 1, body: 'newest' });
  await mirror.work();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});
