import { beforeEach, describe, expect, it } from '@jest/globals';
import { deleteAccount, createAccount } from '../../sandbox/resources/accounts/account.ts';
import { closeIssue, openIssue } from '../../sandbox/resources/issues/issue.ts';
import { nodeId } from '../../sandbox/world/node-id.ts';
import { mergePull } from '../../sandbox/resources/pulls/pull-merge.ts';
import { openPull } from '../../sandbox/resources/pulls/pull.ts';
import { push } from '../../sandbox/resources/branches/push.ts';
import { deleteRepository, forkRepository } from '../../sandbox/resources/repositories/repository.ts';
import { renameRepository } from '../../sandbox/resources/repositories/repository-settings.ts';
import { ask, createSmallWorld } from './graphql-world.ts';
import { COMPARE, HISTORY, ISSUES, PULLS, SWEEP } from './graphql-queries.ts';

let small: ReturnType<typeof createSmallWorld>;
let id: string;

beforeEach(() => {
  small = createSmallWorld();
  id = nodeId('R', small.repository.id);
});

describe('the sweep', () => {
  it('reads what changed in each repository, in the requested order', async () => {
    const { world, ann, repository, viewer } = small;
    const issue = openIssue(world, repository, {}, ann);
    const { body } = await ask(viewer, SWEEP, { ids: [id] });
    expect(body).toEqual({
      data: {
        rateLimit: {
          cost: 1,
          nodeCount: 4,
          remaining: 4989,
          used: 11,
          limit: 5000,
          resetAt: '2026-01-01T01:00:00Z',
        },
        nodes: [
          expect.objectContaining({
            __typename: 'Repository',
            id,
            databaseId: repository.id,
            nameWithOwner: 'acme/tools',
            isPrivate: true,
            visibility: 'PRIVATE',
            isEmpty: false,
            pushedAt: '2026-01-01T00:00:00Z',
            owner: { __typename: 'Organization', id: expect.any(String), login: 'acme' },
            defaultBranchRef: {
              name: 'main',
              prefix: 'refs/heads/',
              target: {
                __typename: 'Commit',
                oid: repository.refs.get('refs/heads/main')?.sha,
                committedDate: '2026-01-01T00:00:00Z',
                history: { totalCount: 1 },
              },
            },
            issuesTotal: { totalCount: 1 },
            issues: { totalCount: 1, nodes: [{ number: issue.number, updatedAt: '2026-01-01T00:00:00Z' }] },
            pullRequests: { totalCount: 0, nodes: [] },
            refs: { totalCount: 1 },
          }),
        ],
      },
    });
  });

  it('reads a change at once, although lists are kept sorted', async () => {
    const { world, clock, ann, repository, viewer } = small;
    const issue = openIssue(world, repository, {}, ann);
    await ask(viewer, SWEEP, { ids: [id] });
    clock.advance(60);
    closeIssue(world, repository, issue, {}, ann);
    const { body } = await ask(viewer, SWEEP, { ids: [id] });
    expect(body).toHaveProperty('data.nodes.0.issues.nodes.0.updatedAt', '2026-01-01T00:01:00Z');
  });
});

describe('history', () => {
  it('pages with cursors of head and offset, and includes co-authors', async () => {
    const { world, clock, ann, repository, viewer } = small;
    clock.advance(60);
    const message = 'More\n\nCo-authored-by: Bo <bo@x.test>\nCo-authored-by: Ann <ANN@acme.test>';
    const commits = [{ message, author: { login: 'ann', offset: 120 } }];
    const [head] = push(world, repository, { commits }, ann);
    const oid = head?.sha ?? '';
    const query = HISTORY.replace('first:100', 'first:1');
    const first = await ask(viewer, query, { id, oid });
    const history = 'data.node.object.history';
    expect(first.body).toHaveProperty(`${history}.totalCount`, 2);
    expect(first.body).toHaveProperty(`${history}.pageInfo`, { hasNextPage: true, endCursor: `${oid} 0` });
    expect(first.body).toHaveProperty(`${history}.nodes.0.author`, {
      name: 'Ann',
      email: 'ann@acme.test',
      date: '2026-01-01T02:01:00+02:00',
      user: { databaseId: ann.id, login: 'ann', id: nodeId('U', ann.id) },
    });
    expect(first.body).toHaveProperty(`${history}.nodes.0.authors.nodes`, [
      { name: 'Ann', email: 'ann@acme.test', user: { databaseId: ann.id, login: 'ann' } },
      { name: 'Bo', email: 'bo@x.test', user: null },
    ]);
    const second = await ask(viewer, query, { id, oid, after: `${oid} 0` });
    expect(second.body).toHaveProperty(`${history}.nodes.0.message`, 'Start');
    expect(second.body).toHaveProperty(`${history}.nodes.0.parents`, { totalCount: 0, nodes: [] });
  });

  it('ends a path at its first older commit if `since` is given, as git log does', async () => {
    const { world, ann, repository, viewer } = small;
    const commits = [
      commitAt('2026-02-20T00:00:00Z'),
      commitAt('2026-02-01T00:00:00Z'),
      commitAt('2026-02-25T00:00:00Z'),
    ];
    const made = push(world, repository, { commits }, ann);
    const variables = { id, oid: made[2]?.sha, since: '2026-02-13T00:00:00Z' };
    const { body } = await ask(viewer, HISTORY, variables);
    expect(body).toHaveProperty('data.node.object.history.totalCount', 1);
  });

  it('shows no user for a bot', async () => {
    const { world, ann, repository, viewer } = small;
    const [head] = push(world, repository, { commits: [{ author: { login: 'helper[bot]' } }] }, ann);
    const { body } = await ask(viewer, HISTORY, { id, oid: head?.sha });
    expect(body).toHaveProperty('data.node.object.history.nodes.0.author.user', null);
    expect(body).toHaveProperty('data.node.object.history.nodes.0.author.email', 'bot@acme.test');
  });
});

describe('issues', () => {
  it('include those updated at or after `since`, and no pull requests', async () => {
    const { world, clock, ann, bot, repository, viewer } = small;
    openIssue(world, repository, { title: 'old' }, ann);
    clock.advance(3600);
    const issue = openIssue(world, repository, { title: 'new', labels: ['bug'], assignees: ['ann'] }, bot);
    closeIssue(world, repository, issue, { reason: 'duplicate' }, ann);
    push(world, repository, { branch: 'topic' }, ann);
    openPull(world, repository, { head: 'topic' }, ann);
    const { body } = await ask(viewer, ISSUES, { id, since: '2026-01-01T01:00:00Z' });
    expect(body).toHaveProperty('data.node.issues.totalCount', 1);
    expect(body).toHaveProperty(
      'data.node.issues.nodes.0',
      expect.objectContaining({
        fullDatabaseId: String(issue.id),
        title: 'new',
        body: '',
        state: 'CLOSED',
        stateReason: 'NOT_PLANNED',
        author: { __typename: 'Bot', login: 'helper', databaseId: bot.id },
        labels: { totalCount: 1, nodes: [{ name: 'bug', color: expect.any(String) }] },
        assignees: { totalCount: 1, nodes: [{ databaseId: ann.id, login: 'ann' }] },
        comments: { totalCount: 0 },
      }),
    );
  });

  it('show a duplicate only to requests that ask for it', async () => {
    const { world, ann, repository, viewer } = small;
    const issue = openIssue(world, repository, {}, ann);
    closeIssue(world, repository, issue, { reason: 'duplicate' }, ann);
    const query = `{ repository(owner: "acme", name: "tools") { issue(number: 1) { stateReason(enableDuplicate: true) } } }`;
    const { body } = await ask(viewer, query);
    expect(body).toHaveProperty('data.repository.issue.stateReason', 'DUPLICATE');
  });

  it('have no author once the account is deleted', async () => {
    const { world, repository, viewer } = small;
    const gone = createAccount(world, { login: 'gone' });
    openIssue(world, repository, {}, gone);
    deleteAccount(world, gone);
    const { body } = await ask(viewer, ISSUES, { id, since: '2026-01-01T00:00:00Z' });
    expect(body).toHaveProperty('data.node.issues.nodes.0.author', null);
  });

  it("continue after a cursor's values even if the list has shifted", async () => {
    const { world, clock, ann, repository, viewer } = small;
    const first = openIssue(world, repository, { title: 'a' }, ann);
    openIssue(world, repository, { title: 'b' }, ann);
    openIssue(world, repository, { title: 'c' }, ann);
    const query = ISSUES.replace('first:100', 'first:1');
    const since = '2026-01-01T00:00:00Z';
    const page = await ask(viewer, query, { id, since });
    const { endCursor } = pageInfo(page.body);
    clock.advance(1);
    closeIssue(world, repository, first, {}, ann);
    const next = await ask(viewer, query, { id, since, after: endCursor });
    expect(next.body).toHaveProperty('data.node.issues.nodes.0.title', 'b');
    expect(next.body).toHaveProperty('data.node.issues.totalCount', 3);
  });
});

describe('pull requests', () => {
  it('have a merge commit once merged, and keep their head when the fork is deleted', async () => {
    const { world, clock, ann, repository, viewer } = small;
    const fork = forkRepository(world, repository, ann, ann);
    const [head] = push(world, fork, { branch: 'fix', commits: [{}, {}] }, ann);
    const open = openPull(world, repository, { head: 'fix', from: fork, title: 'Fix' }, ann);
    const before = await ask(viewer, PULLS, { id });
    const path = 'data.node.pullRequests.nodes.0';
    expect(before.body).toHaveProperty(`${path}.mergeCommit`, null);
    expect(before.body).toHaveProperty(`${path}.state`, 'OPEN');
    clock.advance(60);
    const merge = mergePull(world, repository, open, ann);
    deleteRepository(world, fork, ann);
    const { body } = await ask(viewer, PULLS, { id });
    expect(head).toBeDefined();
    expect(body).toHaveProperty(
      path,
      expect.objectContaining({
        id: nodeId('PR', open.pull?.id ?? 0, repository.id),
        fullDatabaseId: String(open.pull?.id),
        title: 'Fix',
        state: 'MERGED',
        merged: true,
        mergedAt: '2026-01-01T00:01:00Z',
        mergeCommit: { oid: merge.sha },
        mergedBy: { login: 'ann' },
        additions: 6,
        deletions: 2,
        baseRefName: 'main',
        headRefName: 'fix',
        headRefOid: open.pull?.headSha,
        headRepository: null,
        headRepositoryOwner: { login: 'ann' },
        commits: { totalCount: 2 },
      }),
    );
  });
});

describe('refs and names', () => {
  it('compares two branches', async () => {
    const { world, ann, repository, viewer } = small;
    const made = push(world, repository, { branch: 'topic', commits: [{}, {}] }, ann);
    const { body } = await ask(viewer, COMPARE, { id, ref: 'refs/heads/main', head: 'topic' });
    expect(body).toHaveProperty('data.node.ref.compare', {
      status: 'AHEAD',
      aheadBy: 2,
      behindBy: 0,
      commits: expect.objectContaining({ totalCount: 2, nodes: made.map(({ sha }) => ({ oid: sha })) }),
    });
  });

  it('lists branches by page', async () => {
    const { world, ann, viewer, repository } = small;
    for (const branch of ['b', 'a']) push(world, repository, { branch }, ann);
    const query = `query($after: String) { repository(owner: "acme", name: "tools") {
      refs(refPrefix: "refs/heads/", first: 2, after: $after) { totalCount nodes { name } pageInfo { hasNextPage endCursor } } } }`;
    const { body } = await ask(viewer, query);
    expect(body).toHaveProperty('data.repository.refs.nodes', [{ name: 'a' }, { name: 'b' }]);
    expect(body).toHaveProperty('data.repository.refs.pageInfo.hasNextPage', true);
  });

  it('follows a rename unless told not to, and resolves a bot', async () => {
    const { world, ann, repository, viewer } = small;
    renameRepository(world, repository, 'kit', ann);
    const { body } = await ask(
      viewer,
      `{ a: repository(owner: "acme", name: "tools", followRenames: false) { id }
         b: repository(owner: "Acme", name: "TOOLS") { nameWithOwner } viewer { login databaseId } }`,
    );
    expect(body).toEqual({
      data: {
        a: null,
        b: { nameWithOwner: 'acme/kit' },
        viewer: { login: 'sandbox-mirror[bot]', databaseId: expect.any(Number) },
      },
      errors: [
        {
          type: 'NOT_FOUND',
          path: ['a'],
          locations: [{ line: 1, column: 3 }],
          message: "Could not resolve to a Repository with the name 'acme/tools'.",
        },
      ],
    });
  });
});

function pageInfo(body: unknown): { endCursor: string } {
  const [, cursor = ''] = /"endCursor":"([^"]+)"/.exec(JSON.stringify(body)) ?? [];
  return { endCursor: cursor };
}

function commitAt(date: string) {
  return { message: date, author: { date }, committer: { date } };
}
