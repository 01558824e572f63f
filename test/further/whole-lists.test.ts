import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { standBetween, type Between } from '../support/between.ts';
import { comeHourly } from '../support/come-hourly.ts';
import { differencesIn } from '../support/further-truth.ts';
import { happening, startMirror, ways, type Mirror } from '../support/mirror.ts';

const repo = 'acme/app';
let between: Between;
let mirror: Mirror;
let control: Mirror['control'];

beforeAll(async () => {
  between = await standBetween();
  mirror = await startMirror({ between });
  ({ control } = mirror);
});
afterAll(() => mirror.close());

const kinds = [
  {
    table: 'labels',
    list: /\/labels/,
    name: 'name',
    create: (name: string) => control.createLabel({ repo, name, description: 'first' }),
    edit: (name: string) => control.editLabel({ repo, name, color: 'c0ffee', description: 'second' }),
    remove: (name: string) => control.deleteLabel({ repo, name }),
    more: (name: string) => control.editLabel({ repo, name, to: `${name} renamed` }),
  },
  {
    table: 'milestones',
    list: /\/milestones/,
    name: 'title',
    create: (title: string) =>
      control.createMilestone({ repo, title, dueOn: '2027-01-31T08:00:00Z', by: 'ann' }),
    edit: (title: string) => control.editMilestone({ repo, number: numberOf(title), description: 'second' }),
    remove: (title: string) => control.deleteMilestone({ repo, number: numberOf(title) }),
    more: (title: string) =>
      control.editMilestone({ repo, number: numberOf(title), title: `${title} renamed`, state: 'closed' }),
  },
];

function numberOf(title: string): number {
  for (const { milestones } of mirror.sandbox.world.state.repositories.values()) {
    for (const one of milestones.values()) if (one.title === title) return one.number;
  }
  throw new Error(`no milestone ${title}`);
}

/** Nobody tells of what `happen` does. */
async function unnoticed(happen: () => unknown): Promise<void> {
  const { id } = control.addDeliveryFault({ kind: 'lose' });
  happen();
  await control.deliveriesDone({});
  control.removeDeliveryFault({ id });
}

async function requestsIn(act: () => Promise<unknown>): Promise<string[]> {
  const before = between.requests.length;
  await act();
  return between.requests.slice(before);
}

describe.each(kinds)('$table', ({ table, list, name, create, edit, remove, more }) => {
  it.each(ways)('follow what happens to them, %s', async (way) => {
    const { before } = await happening(mirror, way, () => {
      create(`edited ${way}`);
      edit(`edited ${way}`);
      create(`gone ${way}`);
      remove(`gone ${way}`);
      create(way);
      more(way);
    });
    expect(before).toEqual([]);
    if (way === 'lost') {
      expect(await differencesIn(mirror, table)).not.toEqual([]);
      await comeHourly(mirror);
      await mirror.sweep();
    }
    expect(await differencesIn(mirror, table)).toEqual([]);
  });

  it('keep one that GitHub deleted, whatever old delivery comes again', async () => {
    create('once');
    await mirror.work();
    remove('once');
    await mirror.work();
    const old = `update webhook_deliveries set status = 'pending', processed_at = null
      where event = '${table.slice(0, -1)}' and action = 'created'`;
    await mirror.rows(old);
    await mirror.work();
    expect(await differencesIn(mirror, table)).toEqual([]);
    expect(await mirror.rows(`select 1 from ${table} where ${name} = 'once'`)).toHaveLength(1);
  });

  it('cost nothing at rest, one question an hour, and one request where it shows a change', async () => {
    await comeHourly(mirror);
    await mirror.sweep();
    const quiet = await requestsIn(() => mirror.sweep());
    expect(quiet.filter((request) => list.test(request))).toEqual([]);
    await comeHourly(mirror);
    const hourly = await requestsIn(() => mirror.sweep());
    expect(hourly.filter((request) => request.includes('graphql'))).toHaveLength(
      quiet.filter((request) => request.includes('graphql')).length + 1,
    );
    expect(hourly).toHaveLength(quiet.length + 1);
    await unnoticed(() => create('unnoticed'));
    await comeHourly(mirror);
    expect(await requestsIn(() => mirror.sweep())).toHaveLength(quiet.length + 2);
    expect(await differencesIn(mirror, table)).toEqual([]);
  });

  it('lose what GitHub deleted in silence, and are healed in every column, by the complete comparison', async () => {
    create('damaged');
    create('marked');
    create('silent');
    await mirror.work();
    await unnoticed(() => remove('silent'));
    const columns = await mirror.rows<{ column_name: string; data_type: string }>(
      `select column_name, data_type from information_schema.columns where table_name = '${table}'
        and column_name not in ('id', 'repository_id', 'author_id', 'deleted_at', 'state', 'updated_at')`,
    );
    const damage = columns.map(({ column_name: column, data_type: type }) => `${column} = ${wrong(type)}`);
    await mirror.rows(`update ${table} set ${damage.join()} where ${name} = 'damaged'`);
    await mirror.rows(`update ${table} set deleted_at = now() where ${name} = 'marked'`);
    await mirror.verify();
    expect(await differencesIn(mirror, table)).toEqual([]);
    expect(await mirror.verify()).toBe(0);
  });
});

function wrong(type: string): string {
  if (type === 'integer' || type === 'bigint') return '987654';
  if (type === 'boolean') return 'true';
  return type.startsWith('timestamp') ? `'2001-01-01'` : `'damage'`;
}

it('leaves rows of a kind without its permission as they are, and imports exactly that kind once it is granted', async () => {
  const all = { metadata: 'read', contents: 'read', issues: 'read', pull_requests: 'read', members: 'read' };
  const { issues: _, pull_requests: __, ...less } = all;
  control.changePermissions({ id: mirror.installationId, permissions: less });
  await mirror.work();
  control.createLabel({ repo, name: 'unseen' });
  await mirror.work();
  await comeHourly(mirror);
  await mirror.sweep();
  expect(await differencesIn(mirror, 'labels')).toEqual([expect.stringContaining('missing')]);
  control.changePermissions({ id: mirror.installationId, permissions: all });
  await mirror.work();
  await comeHourly(mirror);
  await mirror.sweep();
  expect(await differencesIn(mirror, 'labels')).toEqual([]);
});
