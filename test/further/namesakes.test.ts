import { expect, it } from '@jest/globals';
import { differencesIn } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control, unannounced } = useMirror();

it.each([
  {
    kind: 'labels',
    create: () => control.createLabel({ repo, name: 'one' }),
    remove: () => control.deleteLabel({ repo, name: 'one' }),
    again: () => control.createLabel({ repo, name: 'ONE' }),
  },
  {
    kind: 'milestones',
    create: () => control.createMilestone({ repo, title: 'one' }),
    remove: () => control.deleteMilestone({ repo, number: 1 }),
    again: () => control.createMilestone({ repo, title: 'one' }),
  },
  {
    kind: 'releases',
    create: () => control.createRelease({ repo, tag: 'one' }),
    remove: () => control.deleteRelease({ repo, tag: 'one' }),
    again: () => control.createRelease({ repo, tag: 'one' }),
  },
])('$kind under the name of one whose deletion was lost take its place at once', async (one) => {
  one.create();
  await mirror.work();
  await unannounced(one.remove);
  one.again();
  await mirror.work();
  expect(await differencesIn(mirror, one.kind)).toEqual([]);
  expect(await mirror.rows(`select 1 from ${one.kind} where deleted_at is not null`)).toHaveLength(1);
});

it('labels are right when one takes a name before it is known that another gave it away', async () => {
  for (const name of ['one', 'two']) control.createLabel({ repo, name });
  await mirror.work();
  await unannounced(() => control.editLabel({ repo, name: 'one', to: 'old' }));
  control.editLabel({ repo, name: 'two', to: 'one' });
  await mirror.work();
  expect(await differencesIn(mirror, 'labels')).toEqual([]);
});
