import { expect, it } from '@jest/globals';
import { useMirrorBetween } from '../support/use-mirror.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';

const repo = 'acme/app';
const { mirror, control, between, unannounced } = useMirrorBetween();

it('corrects a count that lagged when its issue was read, once the list of its comments disagrees', async () => {
  control.comment({ repo, number: 2, by: 'ann' });
  await mirror.work();
  let lags = true;
  between.alter = (answer) => {
    if (/\/issues\/2\/comments/.test(answer.request)) lags = false;
    if (!lags || !/GET \S*\/issues\?/.test(answer.request)) return;
    const shown: unknown = JSON.parse(answer.body, (_key, value: { number?: number; comments?: number }) =>
      value?.number === 2 && value.comments !== undefined
        ? { ...value, comments: value.comments + 1 }
        : value,
    );
    answer.body = JSON.stringify(shown);
  };
  await unannounced(() => control.editIssue({ repo, number: 2, title: 'Read while its count lags' }));
  await mirror.sweep();
  between.alter = null;
  expect(lags).toBe(false);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  expect(await mirror.rows('select number from comment_count_differences')).toEqual([]);
});
