import { expect, it } from '@jest/globals';
import { questionsDuring } from '../support/between.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirrorBetween } from '../support/use-mirror.ts';

const { mirror, control, between } = useMirrorBetween({ imported: false });

it('a full comparison counts a quiet repository once, and asks nothing as the App', async () => {
  mirror.sandbox.world.silently(() => control.growRepositories({ owner: 'acme', count: 2, commits: 1 }));
  await mirror.sweep();
  await mirror.sweep();
  const asked = await questionsDuring(between, () => mirror.verify());
  expect(await differencesFromGitHub(mirror)).toEqual([]);
  // One for each of the three, and one of the sweep for all of them.
  expect(asked.filter((one) => one === 'Probe')).toHaveLength(4);
  expect(asked.filter((one) => one.endsWith('/installation'))).toEqual([]);
});
