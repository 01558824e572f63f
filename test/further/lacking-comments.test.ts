import { beforeEach, describe, expect, it } from '@jest/globals';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';
import { toldOf } from './told.ts';

const repo = 'acme/app';
const { mirror, control, between, unannounced } = useMirrorBetweenEach();

interface Comments {
  write: (body: string) => unknown;
  ofAll: RegExp;
  ofParent: RegExp;
}

const kinds: [string, Comments][] = [
  [
    'issue_comments',
    {
      write: (body) => control.comment({ repo, number: 2, body, by: 'ann' }),
      ofAll: /\/issues\/comments\?/,
      ofParent: /\/issues\/2\/comments\?/,
    },
  ],
  [
    'pull_request_review_comments',
    {
      write: (body) => control.reviewComment({ repo, number: 3, body, by: 'ann' }),
      ofAll: /\/pulls\/comments\?/,
      ofParent: /\/pulls\/3\/comments\?/,
    },
  ],
];

/** The list of all comments is empty; that of their issue or pull request answers this, so many times. */
function lie({ ofAll, ofParent }: Comments, status: number, times: number): void {
  let left = times;
  between.alter = (answer) => {
    const isOfParent = ofParent.test(answer.request);
    if (isOfParent) left -= 1;
    if (!ofAll.test(answer.request) && (!isOfParent || left < 0)) return;
    answer.status = isOfParent ? status : 200;
    answer.body = answer.status === 200 ? '[]' : JSON.stringify({ message: 'Not Found' });
    delete answer.headers['link'];
  };
}

describe.each(kinds)('a list of comments: %s', (_table, comments) => {
  beforeEach(async () => {
    await unannounced(() => comments.write('Known'));
    await mirror.verify();
    await unannounced(() => comments.write('Unannounced'));
  });

  it('is read once more if it lacks comments that exist', async () => {
    lie(comments, 200, 1);
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('that answers 404 is reported, and read again by the next sweep', async () => {
    lie(comments, 404, Infinity);
    await mirror.sweep();
    expect(await toldOf(mirror)).toBe('NOT_YET_VISIBLE');
    between.alter = null;
    await mirror.sweep();
    expect([await toldOf(mirror), await differencesFromGitHub(mirror)]).toEqual([null, []]);
  });

  it('that answers 410, as for good, is not reported', async () => {
    lie(comments, 410, Infinity);
    await mirror.sweep();
    expect(await toldOf(mirror)).toBeNull();
  });
});

it('of an issue that was transferred here are requested until GitHub shows them', async () => {
  control.createRepository({ owner: 'acme', name: 'other' });
  const { number } = control.openIssue({ repo, title: 'Going' });
  control.comment({ repo, number, body: 'Going', by: 'ann' });
  await mirror.work();
  let left = 1;
  between.alter = (answer) => {
    if (!/\/issues\/1\/comments\?/.test(answer.request) || left === 0) return;
    left -= 1;
    answer.status = 404;
    answer.body = JSON.stringify({ message: 'Not Found' });
  };
  control.transferIssue({ repo, number, to: 'acme/other' });
  await mirror.work();
  between.alter = null;
  const open = await mirror.rows(
    `select event, error from webhook_deliveries where failures > 0 or status <> 'processed'`,
  );
  expect([left, open, await differencesFromGitHub(mirror)]).toEqual([0, [], []]);
});
