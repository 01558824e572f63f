import { describe, expect, it } from '@jest/globals';
import { sumDrift } from '../../src/db/repository-sync/drift.ts';
import { readIssuePayload, readPullRequestPayload } from '../../src/github/payloads/payloads.ts';
import { isSame } from '../../src/sync/announcements.ts';
import { applyAndCompare, deliveryModes } from '../support/mirror.ts';
import { useMirror } from '../support/use-mirror.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';

const repo = 'acme/app';

const { mirror } = useMirror();

/** The further columns, as they are stored. */
async function columns(): Promise<unknown[]> {
  return [
    ...(await mirror.rows(`select number, milestone_id, type, author_association, sub_issues_total,
      sub_issues_completed from issues order by number`)),
    ...(await mirror.rows(`select number, milestone_id, locked, author_association, requested_reviewers,
      requested_teams from pull_requests order by number`)),
  ];
}

/** What a team does that shows in these columns. */
function happen(): void {
  const { control } = mirror;
  control.createMilestone({ repo, title: 'One' });
  control.setMilestone({ repo, number: 1, milestone: 1 });
  control.setIssueType({ repo, number: 1, type: 'Bug' });
  control.setParentIssue({ repo, number: 2, parent: 1 });
  control.requestReview({ repo, number: 3, reviewers: ['ann'], teams: ['core'] });
  control.setMilestone({ repo, number: 3, milestone: 1 });
}

describe('the further columns of issues and pull requests', () => {
  it.each(deliveryModes)('are right when changes are %s', async (way) => {
    const { before, after } = await applyAndCompare(mirror, way, happen);
    expect(before).toEqual([]);
    expect(after).toEqual([]);
    await mirror.verify();
    const [milestone] = [
      ...(mirror.sandbox.world.state.repositories.get(1_060_000_001)?.milestones.keys() ?? []),
    ];
    expect(await columns()).toEqual([
      expect.objectContaining({ number: 1, milestone_id: milestone, type: 'Bug', sub_issues_total: 1 }),
      expect.objectContaining({ number: 2, milestone_id: null, type: null, sub_issues_total: 0 }),
      expect.objectContaining({
        number: 3,
        milestone_id: milestone,
        locked: false,
        requested_reviewers: ['ann'],
        requested_teams: ['core'],
      }),
    ]);
  });

  it('are backfilled in a full mirror, without being counted as drift', async () => {
    const full = await columns();
    await mirror.rows(`update issues set author_association = null, sub_issues_total = null,
      sub_issues_completed = null`);
    await mirror.rows(`update pull_requests set author_association = null, node_id = null`);
    await mirror.rows(`update repository_sync set imported = imported - 'issues' - 'pull_requests'`);
    await mirror.sweep();
    expect(await columns()).toEqual(full);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    mirror.control.resetStats({});
    await mirror.sweep();
    const routes = Object.keys(mirror.control.stats().byRoute);
    expect(routes).toContain('POST /graphql');
    expect(routes.filter((route) => /\/(issues|pulls)/.test(route))).toEqual([]);
  });

  it('are backfilled kind by kind, over several rounds', async () => {
    const full = await columns();
    const imported = 'select imported from repository_sync order by repository_id';
    const all = await mirror.rows(imported);
    await mirror.rows(`update repository_sync set imported = '{}'`);
    const backfill = { mode: 'backfill', shouldProbe: false, deadline: 0 } as const;
    let rounds = 1;
    while ((await mirror.sync(1_060_000_001, backfill)).state === 'unfinished') rounds += 1;
    expect(rounds).toBeGreaterThan(3);
    expect(await mirror.rows(imported)).toEqual(all);
    expect(await columns()).toEqual(full);
  });

  it('are backfilled before a full comparison counts differences', async () => {
    const full = await columns();
    await mirror.rows(`update issues set author_association = null`);
    await mirror.rows(`update repository_sync set imported = '{}'`);
    await mirror.sync(1_060_000_001, { mode: 'full' });
    expect(await columns()).toEqual(full);
    expect((await sumDrift(mirror.db, '-infinity')).healed['issues'] ?? 0).toBe(0);
  });

  it('are repaired and counted by a full comparison', async () => {
    const full = await columns();
    await mirror.rows(`update issues set milestone_id = 7, type = 'x', author_association = 'x',
      sub_issues_total = 5 where number = 1`);
    await mirror.rows(
      `update pull_requests set locked = true, requested_reviewers = '{x}', requested_teams = '{x}'`,
    );
    expect(await mirror.verify()).toBe(2);
    expect(await columns()).toEqual(full);
  });
});

describe('a payload', () => {
  it('leaves columns alone that it does not contain', async () => {
    const old = { id: 1, number: 1, title: 'x', user: null, created_at: 1, updated_at: 2 };
    const { row } = readIssuePayload({ issue: old });
    const git = { ref: 'x', sha: 'y' };
    const pull = readPullRequestPayload({ pull_request: { ...old, head: git, base: git } });
    for (const name of ['milestone_id', 'type', 'author_association', 'sub_issues_total'])
      expect(row).toHaveProperty(name, undefined);
    for (const name of ['locked', 'requested_reviewers', 'requested_teams', 'additions', 'merged_by_login'])
      expect(pull).toHaveProperty(name, undefined);
    expect(isSame(pull, { ...pull, locked: true, requested_teams: ['core'] })).toBe(true);
    expect(isSame(pull, { ...pull, title: 'y' })).toBe(false);
  });

  it('clears columns that it shows as empty', () => {
    const shown = {
      id: 1,
      number: 1,
      title: 'x',
      user: null,
      created_at: 1,
      updated_at: 2,
      milestone: null,
      type: null,
    };
    expect(readIssuePayload({ issue: shown }).row).toMatchObject({ milestone_id: null, type: null });
  });
});
