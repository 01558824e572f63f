/** The GraphQL documents of a mirror run as written, and cost what they would at GitHub. */
import { describe, expect, it } from '@jest/globals';
import { nodeId } from '../../sandbox/world/node-id.ts';
import { measured } from './graphql-world.ts';
import { LATER, useTeamRepository } from './team-repository.ts';
import { DETAIL, ROOTS, SENTINELS, TAGS, WIDE } from './teamwork-queries.ts';

const team = useTeamRepository();
const { ask, repositoryOf } = team;

describe('the queries of a mirror', () => {
  const many = Array(100).fill('R_x');

  it.each([
    ['the wide probe', WIDE, { ids: many, contents: true, issues: true, deployments: true }, 5],
    ['the detail', DETAIL, { ids: many }, 5],
    ['the first comments of threads', ROOTS, { ids: many }, 1],
    ['the sentinels', SENTINELS, { id: 'R_x' }, 2],
    ['tags', TAGS, { id: 'R_x' }, 1],
    [
      'comments nested under threads',
      'query($ids:[ID!]!){ nodes(ids:$ids){ ... on PullRequest{ reviewThreads(first:100){ nodes{ comments(first:1){totalCount} } } } } }',
      { ids: many },
      101,
    ],
  ])('%s cost what the formula says', async (_name, query, variables, cost) => {
    expect(await measured(query, variables)).toMatchObject({ cost });
  });

  it('run as written: the wide probe and the sentinels', async () => {
    const { control } = team.github.sandbox;
    control.createLabel({ repo: team.repo, name: 'x' });
    control.createMilestone({ repo: team.repo, title: 'm' });
    control.createRelease({ repo: team.repo, tag: 'v1' });
    const ids = [nodeId('R', repositoryOf().id)];
    const wide = await ask(WIDE, { ids, contents: true, issues: true, deployments: false });
    expect(wide.nodes[0]).toMatchObject({
      labels: { totalCount: 1, nodes: [{ updatedAt: LATER }] },
      milestones: { totalCount: 1, nodes: [{ updatedAt: LATER }] },
      releases: { totalCount: 1, nodes: [{ updatedAt: LATER }] },
      latestRelease: { databaseId: expect.any(Number) },
      tags: { totalCount: 1, nodes: [{ name: 'v1' }] },
    });
    const sentinels = await ask(SENTINELS, { id: ids[0], after: null });
    expect(sentinels.node.pullRequests).toMatchObject({
      totalCount: 1,
      nodes: [{ number: 2, comments: { totalCount: 0 }, reviews: { totalCount: 0 } }],
    });
  });

  it.each([
    ['/issues/comments', ['contents']],
    ['/pulls/2/reviews', ['contents', 'issues']],
    ['/pulls/comments', ['contents', 'issues']],
    ['/pulls/2/requested_reviewers', ['contents', 'issues']],
    ['/labels', ['contents']],
    ['/milestones', ['contents']],
    ['/tags', ['issues', 'pull_requests']],
    ['/releases', ['issues', 'pull_requests']],
  ])('%s are refused with only %j', async (path, granted) => {
    const permissions = Object.fromEntries(granted.map((permission) => [permission, 'read']));
    const url = `/app/installations/${team.github.installation.id}/access_tokens`;
    const { token } = (await team.github.asApp(url, 'POST', { permissions })).body;
    const { status } = await team.github.get(`/repos/${team.repo}${path}`, {
      authorization: `token ${token}`,
    });
    expect(status).toBe(403);
  });
});
