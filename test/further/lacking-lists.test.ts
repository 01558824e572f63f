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

it.each([...Object.keys(kinds), 'tags'])(
  '%s are read once more in an import if their list is empty although GitHub counts some',
  async (table) => {
    const name = `new-${table}`;
    let left = 1;
    between.alter = (answer) => {
      const isList =
        table === 'tags'
          ? /query Tags\(/.test(answer.question)
          : new RegExp(`/${table}\\?`).test(answer.request) && answer.body.startsWith('[');
      if (!isList || left === 0) return;
      left -= 1;
      answer.body = table === 'tags' ? answer.body.replace(/"nodes": ?\[.*\]/s, '"nodes":[]') : '[]';
    };
    mirror.sandbox.world.silently(() => {
      control.createRepository({ owner: 'acme', name });
      control.push({ repo: `acme/${name}`, commits: 1 });
      control.createLabel({ repo: `acme/${name}`, name: 'new' });
      control.createMilestone({ repo: `acme/${name}`, title: 'new', by: 'ann' });
      control.pushTags({ repo: `acme/${name}`, tags: { new: 'main' } });
      control.createRelease({ repo: `acme/${name}`, tag: 'new', by: 'ann' });
    });
    await mirror.sweep();
    between.alter = null;
    expect([left, await differencesIn(mirror, table)]).toEqual([0, []]);
  },
);
