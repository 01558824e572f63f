import { expect, it } from '@jest/globals';
import { differencesIn } from '../support/mirror-differences.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';
import { timePasses, toldOf } from './told.ts';

const repo = 'acme/app';
const { mirror, control, between, unannounced } = useMirrorBetweenEach();

const MINUTES = 60_000;

/** Issues, each with a comment that is mirrored and one that only its own list shows, because the list of all is empty. */
async function commentedIssues(count: number): Promise<number[]> {
  const numbers: number[] = [];
  await unannounced(() => {
    for (let nth = 0; nth < count; nth += 1) {
      const { number } = control.openIssue({ repo, title: `Issue ${nth}` });
      control.comment({ repo, number, body: 'Known', by: 'ann' });
      numbers.push(number);
    }
  });
  await mirror.sweep();
  await unannounced(() => {
    for (const number of numbers) control.comment({ repo, number, body: 'New', by: 'ann' });
  });
  return numbers;
}

/** The list of all comments is empty; those of these issues answer this status. */
function refuse(numbers: readonly number[], status: number): void {
  const refused = new RegExp(`/issues/(${numbers.join('|')})/comments\\?`);
  between.alter = (answer) => {
    const isRefused = refused.test(answer.request);
    if (!isRefused && !/\/issues\/comments\?/.test(answer.request)) return;
    if (isRefused) answer.status = status;
    answer.body = isRefused ? JSON.stringify({ message: 'No' }) : '[]';
    delete answer.headers['link'];
  };
}

it.each([404, 500])(
  'lists of comments that answer %i for good keep no other from being read',
  async (status) => {
    const numbers = await commentedIssues(8);
    const [first, ...others] = numbers;
    const last = others.pop();
    refuse(others, status);
    for (let sweeps = 0; sweeps < 4; sweeps += 1) {
      await mirror.sweep();
      await timePasses(mirror, 15 * MINUTES);
    }
    const stored = await mirror.rows(
      `select number from issue_comments where number in (${first}, ${last}) and body = 'New' order by number`,
    );
    expect(stored).toEqual([{ number: first }, { number: last }]);
  },
);

it('a verification reads the lists of comments that failed, whenever they are due', async () => {
  const numbers = await commentedIssues(2);
  refuse(numbers, 404);
  for (let sweeps = 0; sweeps < 6; sweeps += 1) {
    await mirror.sweep();
    await timePasses(mirror, 20 * MINUTES);
  }
  await mirror.sweep();
  between.alter = null;
  await mirror.verify();
  expect([await toldOf(mirror), await differencesIn(mirror, 'issue_comments')]).toEqual([null, []]);
});
