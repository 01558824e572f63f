import { expect, it } from '@jest/globals';
import { recoverDeliveries } from '../../src/sync/delivery-log/recover-deliveries.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';

const repo = 'acme/app';
const HOUR = 3_600_000;
const { mirror, control, between, unannounced } = useMirrorBetweenEach();

const recover = () => recoverDeliveries(mirror.deps, () => undefined);

it.each([HOUR, -HOUR, 50 * 365 * 24 * HOUR])(
  'finds every change if a proxy writes Date by a clock that is off by %i ms',
  async (off) => {
    between.alter = ({ headers }) => {
      headers['date'] = new Date(Date.now() + off).toUTCString();
    };
    let second = 0;
    for (const words of ['first', 'second']) {
      // Each in a second of its own, which no reading so far can have covered.
      second = Math.max(second, Math.floor(Date.now() / 1000)) + 1;
      control.clock({ freeze: second });
      await unannounced(() => {
        control.editIssue({ repo, number: 1, title: words });
        control.editIssue({ repo, number: 3, title: words });
        control.openIssue({ repo, title: words });
        control.comment({ repo, number: 1, body: words });
        control.reviewComment({ repo, number: 3, body: words });
      });
      await mirror.sweep();
      expect(await differencesFromGitHub(mirror)).toEqual([]);
    }
  },
);

it('recovers every lost delivery if a proxy writes Date by a clock that is ahead', async () => {
  between.alter = ({ headers }) => {
    headers['date'] = new Date(Date.now() + HOUR).toUTCString();
  };
  await recover();
  const { id } = control.addDeliveryFault({ kind: 'drop' });
  for (let n = 0; n < 130; n += 1) control.editIssue({ repo, number: 1, title: `title ${n}` });
  await control.deliveriesDone({});
  control.removeDeliveryFault({ id });
  expect(await recover()).toMatchObject({ recovered: 130, more: false, error: null });
});

it.each([
  ['99999999999999999999', '99999999999999999999'],
  ['5000.5', '4999.5'],
  ['-1', '4000'],
  ['Infinity', 'NaN'],
])('works on if GitHub names a limit of %s, with %s remaining', async (limit, remaining) => {
  between.alter = ({ headers }) => {
    Object.assign(headers, { 'x-ratelimit-limit': limit, 'x-ratelimit-remaining': remaining });
  };
  await unannounced(() => control.editIssue({ repo, number: 1, title: 'Edited' }));
  await mirror.sweep();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});
