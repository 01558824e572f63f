import { describe, expect, it } from '@jest/globals';
import { tags } from '../../src/entities/tags.ts';
import { comeHourly } from '../support/come-hourly.ts';
import { differencesIn } from '../support/mirror-differences.ts';
import { applyAndCompare, deliveryModes } from '../support/mirror.ts';
import { useMirrorBetween } from '../support/use-mirror.ts';
import { toldOf } from './told.ts';

const repo = 'acme/app';
const { mirror, control, between } = useMirrorBetween();

/** Questions about tags among those that an act asks, by the name of the query. */
async function questionsIn(act: () => Promise<unknown>): Promise<string[]> {
  const asked: string[] = [];
  between.alter = ({ question }) => {
    const [name] = /\b(?:Tags|TagsByName)\b/.exec(question) ?? [];
    if (name !== undefined) asked.push(name);
  };
  await act();
  between.alter = null;
  return asked;
}

/** Lets the last push be old enough that another one in the same second is out of the question. */
async function notRecent(): Promise<void> {
  await mirror.rows(
    `update repository_sync set seen = jsonb_set(seen, '{asked_at}', '"2100-01-01T00:00:00Z"')`,
  );
}

/** The list of tags comes empty, so many times. */
function lackAll(times: number): void {
  let left = times;
  between.alter = (answer) => {
    if (!/query Tags\(/.test(answer.question)) return;
    left -= 1;
    if (left >= 0) answer.body = answer.body.replace(/"nodes": ?\[.*\]/s, '"nodes":[]');
  };
}

const different = () => differencesIn(mirror, 'tags');

describe('tags', () => {
  it.each(deliveryModes)('follow what happens to them, %s', async (way) => {
    const at = (name: string) => `${name}-${way.replace(' ', '-')}`;
    control.pushTags({ repo, tags: { [at('moved')]: 'main', [at('gone')]: 'main' } });
    control.pushTags({ repo, tags: { [at('annotated')]: 'main' }, message: 'first' });
    await mirror.work();
    expect(await different()).toEqual([]);
    const { before } = await applyAndCompare(mirror, way, () => {
      control.push({ repo, commits: 1 });
      control.pushTags({ repo, tags: { [at('moved')]: 'main', [at('gone')]: null } });
      control.pushTags({ repo, tags: { [at('annotated')]: 'main' }, message: 'second' });
      control.pushTags({ repo, tags: { [at('new')]: 'main' } });
      control.pushTags({ repo, tags: { [at('brief')]: 'main' } });
      control.pushTags({ repo, tags: { [at('brief')]: null } });
    });
    expect(before).toEqual([]);
    expect(await different()).toEqual([]);
  });

  it('are read at the next sweep if more than three are pushed at once, without an event', async () => {
    control.pushTags({ repo, tags: Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, 'main'])) });
    await mirror.work();
    expect(await different()).toHaveLength(4);
    expect(await questionsIn(() => mirror.sweep())).toEqual(['Tags']);
    expect(await different()).toEqual([]);
  });

  it('cost no query at rest, and one for all deliveries of a round', async () => {
    await mirror.sweep();
    await mirror.rows(
      `update repository_sync set seen = jsonb_set(seen, '{asked_at}', '"2100-01-01T00:00:00Z"')`,
    );
    expect(await questionsIn(() => mirror.sweep())).toEqual([]);
    for (const name of ['x', 'y']) control.pushTags({ repo, tags: { [name]: 'main' } });
    expect(await questionsIn(() => mirror.work())).toEqual(['TagsByName']);
    expect(await different()).toEqual([]);
  });

  it('are written from the payload if that is enough, before GitHub can be asked', async () => {
    const sha = 'select sha from tags where name';
    between.alter = (answer) => {
      if (/Tags/.test(answer.question)) Object.assign(answer, { status: 502, body: '{}' });
    };
    control.pushTags({ repo, tags: { straight: 'main' } });
    await control.deliveriesDone({});
    await mirror.sync(1_060_000_001, { scope: 'deliveries', shouldProbe: false }).catch(() => undefined);
    expect(await mirror.rows(`${sha} = 'straight'`)).toHaveLength(1);
    between.alter = null;
    await mirror.work();
    expect(await different()).toEqual([]);
  });

  it('lose none because of a list that ends too early or cannot be read to its end', async () => {
    between.alter = (answer) => {
      if (/query Tags\(/.test(answer.question))
        answer.body = answer.body.replace(/"nodes": ?\[.*\]/s, '"nodes":[]');
    };
    await mirror.verify();
    expect(await different()).toEqual([]);
    between.alter = (answer) => {
      if (/query Tags\(/.test(answer.question)) answer.body = '{"data":{"node":{"refs":null}}}';
    };
    await mirror.verify();
    expect(await different()).toEqual([]);
    between.alter = null;
  });

  it('are read again if the list lacked some that exist: at once and, reported, by the next sweep', async () => {
    for (const [times, told] of [
      [1, null],
      [2, 'LIST_SHIFTED'],
    ] as const) {
      const names = ['p', 'q', 'r', 's'].map((name) => `${name}${times}`);
      control.pushTags({ repo, tags: Object.fromEntries(names.map((name) => [name, 'main'])) });
      await mirror.work();
      lackAll(times);
      await mirror.sweep();
      expect([await toldOf(mirror), await different()]).toEqual([told, times === 1 ? [] : expect.any(Array)]);
      between.alter = null;
      await mirror.sweep();
      expect([await toldOf(mirror), await different()]).toEqual([null, []]);
    }
  });

  it('are right beside an unreadable one, which is not marked', async () => {
    control.pushTags({ repo, tags: { odd: 'main' } });
    await mirror.work();
    await mirror.rows(`update tags set sha = 'x' where name = 'a'`);
    between.alter = (answer) => {
      if (/query Tags\(/.test(answer.question))
        answer.body = answer.body.replace(/("name": ?"odd", ?"target": ?)\{[^}]*\}/, '$1null');
    };
    await mirror.verify();
    expect(await different()).toEqual([]);
    expect(await mirror.rows('select 1 from repositories where sync_error is not null')).toHaveLength(1);
    between.alter = null;
    await mirror.verify();
    expect(await mirror.rows('select 1 from repositories where sync_error is not null')).toEqual([]);
  });

  it('are repaired in every column by the full comparison, page by page', async () => {
    const many = Object.fromEntries(Array.from({ length: 230 }, (_, index) => [`n${index}`, 'main']));
    control.pushTags({ repo, tags: many });
    control.pushTags({ repo, tags: { damaged: 'main' }, message: 'told' });
    await mirror.work();
    await mirror.rows(`update tags set sha = 'x', tag_sha = 'x', tagged_at = '2001-01-01', message = 'x'
      where name = 'damaged'`);
    await mirror.rows(`insert into tags (repository_id, name, sha) values (1060000001, 'invented', 'x')`);
    expect(await questionsIn(() => mirror.verify())).toContain('Tags');
    expect(await different()).toEqual([]);
    expect(await mirror.verify()).toBe(0);
  });

  it('are found changed by the hourly query if no push shows it', async () => {
    await comeHourly(mirror);
    await mirror.sweep();
    await notRecent();
    const { pushedAt } = mirror.sandbox.world.state.repositories.get(1_060_000_001) ?? {};
    control.pushTags({ repo, tags: { e: 'main', f: 'main', g: 'main', h: 'main' } });
    Object.assign(mirror.sandbox.world.state.repositories.get(1_060_000_001) ?? {}, { pushedAt });
    await mirror.sweep();
    expect(await different()).toHaveLength(4);
    await comeHourly(mirror);
    await mirror.sweep();
    expect(await different()).toEqual([]);
  });
});

it.each(deliveryModes)('shows the commit of a tag of many tags, %s', async (way) => {
  const names = Array.from({ length: 6 }, (_, at) => `${way.replace(' ', '-')}-chain-${at}`);
  await applyAndCompare(mirror, way, () => {
    for (const [at, name] of names.entries())
      control.pushTags({ repo, tags: { [name]: names[at - 1] ?? 'main' }, message: 'over another' });
  });
  const head = mirror.sandbox.world.state.repositories.get(1_060_000_001)?.refs.get('refs/heads/main')?.sha;
  const rows = await mirror.rows(
    `select distinct sha from tags where name in (${names.map((name) => `'${name}'`).join()})`,
  );
  expect(rows).toEqual([{ sha: head }]);
});

it('cannot be read if more tags stand between a tag and its commit than GitHub is asked for', () => {
  const chain = (objects: number): object =>
    objects === 0 ? { oid: 'a', __typename: 'Tag' } : { oid: 'b', target: chain(objects - 1) };
  expect(tags.row.safeParse({ name: 'v1', target: chain(10) }).success).toBe(false);
});

it('resolves a tag of a tag to the final commit', () => {
  const commit = { oid: 'c'.repeat(40) };
  const inner = { oid: 'b'.repeat(40), message: 'inner', target: commit };
  const tagger = { date: '2024-02-29T12:00:00+02:00' };
  const shown = { oid: 'a'.repeat(40), message: '', tagger, target: inner };
  expect(tags.row.parse({ name: 'v1', target: shown })).toEqual({
    name: 'v1',
    sha: 'c'.repeat(40),
    tag_sha: 'a'.repeat(40),
    tagged_at: '2024-02-29T10:00:00.000Z',
    message: null,
  });
  expect(tags.list).toMatchObject({ fields: expect.stringContaining('tagger { date }') });
});
