import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { CONSISTENCY_DELAYS_MS } from '../../src/sync/poll-until-consistent.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const release = { repo: 'acme/app', tag: 'v9' };
const { mirror, control } = useMirror();

it('a release published again is live although GitHub hides it for another second', async () => {
  mirror.deps.consistencyDelaysMs = CONSISTENCY_DELAYS_MS;
  control.pushTags({ repo: release.repo, tags: { v9: 'main' } });
  control.createRelease({ ...release, by: 'ann' });
  await mirror.work();
  control.publishRelease({ ...release, undo: true });
  await mirror.work();
  await sleep(1100); // the next state is of another second
  control.faultSettings({ staleSeconds: 1 });
  control.publishRelease(release);
  await mirror.work();
  control.clearFaults({});
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});
