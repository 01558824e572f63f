import { expect, it } from '@jest/globals';
import { differencesIn } from '../support/mirror-differences.ts';
import { useMirrorBetween } from '../support/use-mirror.ts';
import { toldOf } from './told.ts';

const repo = 'acme/app';
const { mirror, control, between } = useMirrorBetween();

const kinds = {
  labels: () => control.createLabel({ repo, name: 'kept' }),
  milestones: () => control.createMilestone({ repo, title: 'kept', by: 'ann' }),
  releases: () => {
    control.pushTags({ repo, tags: { kept: 'main' } });
    control.createRelease({ repo, tag: 'kept', by: 'ann' });
  },
};

it.each(Object.entries(kinds))(
  'reads %s again in the next sweep after an incomplete list',
  async (table, create) => {
    create();
    await mirror.work();
    between.alter = (answer) => {
      const isList = new RegExp(`/${table}\\?`).test(answer.request) && answer.body.startsWith('[');
      if (isList) answer.body = '[]';
    };
    await mirror.verify();
    expect([await toldOf(mirror), await differencesIn(mirror, table)]).toEqual(['LIST_SHIFTED', []]);
    between.alter = null;
    await mirror.sweep();
    expect(await toldOf(mirror)).toBeNull();
  },
);
