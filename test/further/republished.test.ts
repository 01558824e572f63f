import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { CONSISTENCY_DELAYS_MS } from '../../src/sync/poll-until-consistent.ts';
import { differencesIn } from '../support/mirror-differences.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';

const release = { repo: 'acme/app', tag: 'v9' };
const { mirror, control, between } = useMirrorBetweenEach();

it('mirrors a release that was published again although GitHub hides it at first', async () => {
  mirror.deps.consistencyDelaysMs = CONSISTENCY_DELAYS_MS;
  control.pushTags({ repo: release.repo, tags: { v9: 'main' } });
  control.createRelease({ ...release, by: 'ann' });
  await mirror.work();
  control.publishRelease({ ...release, undo: true });
  await mirror.work();
  await sleep(1100); // `updated_at` counts seconds: the next state is a later one
  let hidden = 0;
  between.alter = (answer) => {
    if (hidden > 0 || !/^GET \S+\/releases\/\d+$/.test(answer.request)) return;
    hidden += 1;
    answer.status = 404;
    answer.body = '{"message":"Not Found"}';
  };
  control.publishRelease(release);
  await mirror.work();
  expect(hidden).toBe(1);
  expect(await differencesIn(mirror, 'releases')).toEqual([]);
});
