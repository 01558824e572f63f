import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { comeHourly } from '../support/come-hourly.ts';
import { differencesIn } from '../support/mirror-differences.ts';
import { applyAndCompare, deliveryModes } from '../support/mirror.ts';
import { anHourPasses, toldOf } from './told.ts';
import { useMirrorBetween } from '../support/use-mirror.ts';

const repo = 'acme/app';
const { mirror, control, between, unannounced } = useMirrorBetween();

interface Kind {
  table: string;
  list: RegExp;
  /** the column that a name is in */
  name: string;
  /** what has to be there before one is created */
  before?: (name: string) => unknown;
  create: (name: string) => unknown;
  edit: (name: string) => unknown;
  remove: (name: string) => unknown;
  more: (name: string) => unknown;
}

const kinds: Kind[] = [
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
  {
    table: 'releases',
    list: /\/releases/,
    name: 'tag_name',
    before: (tag: string) => control.pushTags({ repo, tags: { [tag]: 'main' } }),
    create: (tag: string) => control.createRelease({ repo, tag, body: 'first', by: 'ann' }),
    edit: (tag: string) => control.editRelease({ repo, tag, name: 'second', body: null }),
    remove: (tag: string) => control.deleteRelease({ repo, tag }),
    more: (tag: string) => {
      control.uploadAsset({ repo, tag, name: 'manual.pdf' });
      control.editRelease({ repo, tag, name: 'third', prerelease: true });
    },
  },
];

function numberOf(title: string): number {
  for (const { milestones } of mirror.sandbox.world.state.repositories.values()) {
    for (const one of milestones.values()) if (one.title === title) return one.number;
  }
  throw new Error(`no milestone ${title}`);
}

/** As if GitHub had last been asked so late that no change before it is recent. */
async function lookLater(): Promise<void> {
  await mirror.rows(`update repository_sync
    set seen = jsonb_set(seen, '{asked_at}', to_jsonb(now() + interval '2 minutes'))`);
}

async function requestsIn(act: () => Promise<unknown>): Promise<string[]> {
  const before = between.requests.length;
  await act();
  return between.requests.slice(before);
}

describe.each<Kind>(kinds)('$table', ({ table, list, name, before, create, edit, remove, more }) => {
  it.each(deliveryModes)('follow what happens to them, %s', async (way) => {
    const { before: differing } = await applyAndCompare(mirror, way, () => {
      create(`edited ${way}`);
      edit(`edited ${way}`);
      create(`gone ${way}`);
      remove(`gone ${way}`);
      create(way);
      more(way);
    });
    expect(differing).toEqual([]);
    if (way === 'lost') {
      // The newest release is looked at in every sweep.
      if (table !== 'releases') expect(await differencesIn(mirror, table)).not.toEqual([]);
      await comeHourly(mirror);
      await mirror.sweep();
    }
    expect(await differencesIn(mirror, table)).toEqual([]);
  });

  it('keep the mark of a deleted one, whatever old delivery is redelivered', async () => {
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

  it('do not wait for an unreadable element of their list', async () => {
    create('odd');
    await mirror.work();
    between.alter = (answer) => {
      if (!list.test(answer.request) || !answer.body.startsWith('[')) return;
      const elements: unknown[] = JSON.parse(answer.body);
      answer.body = JSON.stringify([...elements, { id: 'unreadable' }]);
    };
    // So many that their list is read.
    for (let one = 1; one <= 12; one += 1) create(`beside ${one}`);
    await mirror.work();
    between.alter = null;
    expect(await differencesIn(mirror, table)).toEqual([]);
    expect(await mirror.rows(`select error from webhook_deliveries where error is not null`)).toEqual([]);
  });

  it('report an unreadable one, whatever is compared meanwhile, and read it again after an hour', async () => {
    await unannounced(() => create('unread'));
    between.alter = (answer) => {
      if (!list.test(answer.request) || !answer.body.startsWith('[')) return;
      const elements: Record<string, unknown>[] = JSON.parse(answer.body);
      answer.body = JSON.stringify(
        elements.map((one) => (one[name] === 'unread' ? { ...one, id: 'x' } : one)),
      );
    };
    await mirror.verify();
    await unannounced(() => control.push({ repo, commits: 1 }));
    await mirror.sweep();
    expect(await toldOf(mirror)).toBe('GITHUB_BAD_ANSWER');
    between.alter = null;
    await anHourPasses(mirror);
    await mirror.sweep();
    expect([await toldOf(mirror), await differencesIn(mirror, table)]).toEqual([null, []]);
  });

  it('cost nothing at rest, one query an hour, and one request if it shows a change', async () => {
    before?.('unnoticed');
    await mirror.work();
    await comeHourly(mirror);
    await mirror.sweep();
    await lookLater();
    const quiet = await requestsIn(() => mirror.sweep());
    expect(quiet.filter((request) => list.test(request))).toEqual([]);
    await comeHourly(mirror);
    const hourly = await requestsIn(() => mirror.sweep());
    expect(hourly.filter((request) => request.includes('graphql'))).toHaveLength(
      quiet.filter((request) => request.includes('graphql')).length + 1,
    );
    expect(hourly).toHaveLength(quiet.length + 1);
    await unannounced(() => create('unnoticed'));
    await comeHourly(mirror);
    expect(await requestsIn(() => mirror.sweep())).toHaveLength(quiet.length + 2);
    expect(await differencesIn(mirror, table)).toEqual([]);
  });

  it('are marked if deleted without an event, and repaired in every column, by the full comparison', async () => {
    create('damaged');
    create('marked');
    create('silent');
    await mirror.work();
    await unannounced(() => remove('silent'));
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

it('are read once in a full comparison of several rounds', async () => {
  control.addFault({ action: { kind: 'secondary', retryAfter: 1 }, match: '/issues/comments', times: 1 });
  const requests = await requestsIn(async () => {
    // It stops behind these lists, and continues with the next sweep.
    await mirror.verify().catch(() => sleep(1500));
    await mirror.sweep();
  });
  expect(requests.filter((request) => request.includes('/issues/comments')).length).toBeGreaterThan(1);
  const lists = requests.filter((request) => /\/(labels|milestones|releases)\?/.test(request));
  expect(lists).toEqual([...new Set(lists)]);
  expect(lists).not.toEqual([]);
});

async function countedRows(): Promise<{ issues: number; milestones: number }> {
  const [counts] = await mirror.rows<{ issues: number; milestones: number }>(`select
    sum((rows ->> 'issues')::int)::int as issues, sum((rows ->> 'milestones')::int)::int as milestones from sync_jobs`);
  return counts ?? { issues: 0, milestones: 0 };
}

it('counts the changed issues of a deleted milestone', async () => {
  control.createMilestone({ repo, title: 'named' });
  const { number } = control.openIssue({ repo, title: 'names it' });
  control.setMilestone({ repo, number, milestone: numberOf('named') });
  await mirror.work();
  const before = await countedRows();
  control.deleteMilestone({ repo, number: numberOf('named') });
  await mirror.work();
  const after = await countedRows();
  expect(after).toEqual({ issues: before.issues + 1, milestones: before.milestones + 1 });
});

it('reads no list that GitHub counts as empty when a repository is imported', async () => {
  const { id } = control.createRepository({ owner: 'acme', name: 'plain' });
  const requests = await requestsIn(async () => {
    await mirror.work();
    await mirror.sweep();
  });
  const lists = new RegExp(`/repositories/${id}/(milestones|releases)`);
  expect(requests.filter((request) => lists.test(request))).toEqual([]);
  expect(await mirror.rows(`select imported from repository_sync where repository_id = ${id}`)).toMatchObject(
    [{ imported: { milestones: 1, releases: 1, release_assets: 1, tags: 1 } }],
  );
});

it.each([
  { table: 'labels', permissions: ['issues'] },
  { table: 'releases', permissions: ['contents'] },
])(
  'leaves $table as they are without their permission, and imports exactly them once it is granted',
  async (kind) => {
    const all = {
      metadata: 'read',
      contents: 'read',
      issues: 'read',
      pull_requests: 'read',
      members: 'read',
    };
    const less = Object.entries(all).filter(([name]) => !kind.permissions.includes(name));
    control.changePermissions({ id: mirror.installationId, permissions: Object.fromEntries(less) });
    await mirror.work();
    control.createLabel({ repo, name: `unseen ${kind.table}` });
    control.createRelease({ repo, tag: `unseen-${kind.table}` });
    await mirror.work();
    await comeHourly(mirror);
    await mirror.sweep();
    for (const table of ['labels', 'releases']) {
      const missing = table === kind.table ? [expect.stringContaining('missing')] : [];
      expect(await differencesIn(mirror, table)).toEqual(missing);
    }
    control.changePermissions({ id: mirror.installationId, permissions: all });
    await mirror.work();
    await comeHourly(mirror);
    await mirror.sweep();
    expect(await differencesIn(mirror, kind.table)).toEqual([]);
  },
);

describe('milestones', () => {
  it.each(deliveryModes)(
    'are referred to by no issue or pull request once they are deleted, %s',
    async (way) => {
      const title = `doomed ${way}`;
      control.createMilestone({ repo, title, by: 'ann' });
      const milestone = numberOf(title);
      for (const number of [1, 3]) control.setMilestone({ repo, number, milestone });
      await mirror.work();
      const bearers = `select number from issues where milestone_id is not null
      union select number from pull_requests where milestone_id is not null`;
      expect(await mirror.rows(bearers)).toHaveLength(2);
      const told = await applyAndCompare(mirror, way, () => {
        control.editIssue({ repo, number: 1, title: `Before ${way}` });
        control.deleteMilestone({ repo, number: milestone });
      });
      if (way === 'lost') {
        await comeHourly(mirror);
        await mirror.sweep();
      } else expect(told.before).toEqual([]);
      expect(await mirror.rows(bearers)).toEqual([]);
    },
  );
});
