import { afterEach, describe, expect, it } from '@jest/globals';
import { comeHourly } from '../support/come-hourly.ts';
import { differencesIn } from '../support/mirror-differences.ts';
import { timePasses } from './told.ts';
import { useMirrorBetween } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control, between, unannounced } = useMirrorBetween();

interface Kind {
  table: string;
  /** the column that a name is in */
  column: string;
  /** how its list is asked for: the request's line and the question */
  list: RegExp;
  create: (name: string) => unknown;
}

const kinds: Kind[] = [
  {
    table: 'labels',
    column: 'name',
    list: /\/labels\?/,
    create: (name) => control.createLabel({ repo, name }),
  },
  {
    table: 'milestones',
    column: 'title',
    list: /\/milestones\?/,
    create: (title) => control.createMilestone({ repo, title, by: 'ann' }),
  },
  {
    table: 'releases',
    column: 'tag_name',
    list: /\/releases\?/,
    create: (tag) => control.createRelease({ repo, tag, by: 'ann' }),
  },
  {
    table: 'tags',
    column: 'name',
    list: /query Tags\b/,
    create: (tag) => control.pushTags({ repo, tags: { [tag]: 'main' } }),
  },
];

afterEach(() => {
  between.alter = null;
});

async function sweepOfTheNextHour(): Promise<void> {
  await timePasses(mirror, 3_600_000);
  await comeHourly(mirror);
  await mirror.sweep();
}

describe.each(kinds)('$table', ({ table, column, list, create }) => {
  it('are read again in the next hour after a list with fewer than GitHub counts', async () => {
    const name = `late ${table}`;
    await mirror.work();
    await unannounced(() => create(name));
    between.alter = (answer) => {
      if (!list.test(`${answer.request} ${answer.question}`)) return;
      answer.body = JSON.stringify(JSON.parse(answer.body), (_key, value: unknown) =>
        Array.isArray(value) ? value.filter((one: Record<string, unknown>) => one[column] !== name) : value,
      );
    };
    const live = `select 1 as there from ${table} where ${column} = '${name}' and deleted_at is null`;
    await sweepOfTheNextHour();
    expect(await mirror.rows(live)).toEqual([]);
    between.alter = null;
    await sweepOfTheNextHour();
    expect([await mirror.rows(live), await differencesIn(mirror, table)]).toEqual([[{ there: 1 }], []]);
  });

  it('are left alone after a second list with fewer than GitHub counts', async () => {
    create(`counted ${table}`);
    await mirror.work();
    let read = 0;
    between.alter = (answer) => {
      if (list.test(`${answer.request} ${answer.question}`)) read += 1;
      if (!answer.question.includes('latestRelease')) return;
      answer.body = JSON.stringify(JSON.parse(answer.body), (key, value: unknown) =>
        key === 'totalCount' && typeof value === 'number' && value > 0 ? value + 1 : value,
      );
    };
    const readings = [];
    for (let hour = 0; hour < 4; hour += 1) {
      read = 0;
      await sweepOfTheNextHour();
      readings.push(read);
    }
    expect(readings).toEqual([1, 1, 0, 0]);
  });
});

it('reads again what changed between two rounds of an import', async () => {
  const made = 'acme/made';
  mirror.sandbox.world.silently(() => {
    control.createRepository({ owner: 'acme', name: 'made' });
    control.push({ repo: made, commits: 1 });
    control.createLabel({ repo: made, name: 'first' });
    control.createRelease({ repo: made, tag: 'one', by: 'ann' });
  });
  between.alter = (answer) => {
    if (/\/releases\?/.test(answer.request)) answer.status = 500;
  };
  await mirror.sweep();
  const labels = `select l.name from labels l join repositories r on r.id = l.repository_id
    where full_name = '${made}' and deleted_at is null order by 1`;
  expect(await mirror.rows(labels)).toContainEqual({ name: 'first' });
  // As many as before, so that their number tells nothing.
  await unannounced(() => control.deleteLabel({ repo: made, name: 'first' }));
  await unannounced(() => control.createLabel({ repo: made, name: 'second' }));
  between.alter = null;
  await sweepOfTheNextHour();
  await sweepOfTheNextHour();
  expect(await differencesIn(mirror, 'labels')).toEqual([]);
});
