import { describe, expect, it } from '@jest/globals';
import { nodeId } from '../../sandbox/world/node-id.ts';
import { createRepository } from '../../sandbox/resources/repositories/repository.ts';
import { setBlock } from '../../sandbox/resources/repositories/repository-settings.ts';
import { createAccount } from '../../sandbox/resources/accounts/account.ts';
import { openIssue } from '../../sandbox/resources/issues/issue.ts';
import { openPull } from '../../sandbox/resources/pulls/pull.ts';
import { push } from '../../sandbox/resources/branches/push.ts';
import { ask, createSmallWorld, measured } from './graphql-world.ts';
import { ALIASES, HISTORY, ISSUES, SWEEP } from './graphql-queries.ts';

const DOCUMENTED = `query($repos: Int = 100) { user(login: "ann") { repositories(first: $repos) { ...R } } }
  fragment R on RepositoryConnection { nodes { issues(first: 50) { nodes { title labels(first: 60) { nodes { name } } } } } }`;

describe('the cost of a query', () => {
  it("equals that of the documentation's example", async () => {
    const { cost, nodeCount } = (await measured(DOCUMENTED)) ?? {};
    expect({ cost, nodeCount }).toEqual({ cost: 51, nodeCount: 100 + 5000 + 300_000 });
  });

  it('follows variables, fragments and directives', async () => {
    expect(await measured(DOCUMENTED, { repos: 10 })).toMatchObject({ cost: 5, largestPage: 60 });
    const skipped = DOCUMENTED.replace('labels(first: 60)', 'labels(first: 60) @skip(if: true)');
    expect(await measured(skipped)).toMatchObject({ cost: 1, nodeCount: 5100 });
  });

  it.each([
    ['a sweep of 100 repositories', SWEEP, { ids: Array(100).fill('R_x') }, { cost: 6, counts: 600 }],
    ['a page of history', HISTORY, { id: 'R_x', oid: 'a' }, { cost: 2, counts: 201 }],
    ['a page of issues', ISSUES, { id: 'R_x', since: '2026-01-01T00:00:00Z' }, { cost: 3, counts: 301 }],
    ['names', ALIASES, {}, { cost: 1, counts: 0, dryRun: true }],
  ])('is as documented for %s', async (_name, query, variables, expected) => {
    expect(await measured(query, variables)).toMatchObject(expected);
  });

  it('is returned by a dry run without reading anything', async () => {
    const { viewer } = createSmallWorld();
    const { body, cost } = await ask(viewer, ALIASES);
    expect({ body, cost }).toEqual({ body: { data: { rateLimit: { cost: 1, nodeCount: 0 } } }, cost: 0 });
  });
});

describe('limits', () => {
  it('reject a query that may return more than 500,000 nodes', async () => {
    const { viewer } = createSmallWorld();
    const { body } = await ask(viewer, DOCUMENTED.replace('first: 60', 'first: 100'));
    const message =
      'By the time this query traverses to the labels connection, it is requesting up to 505,100 possible nodes which exceeds the maximum limit of 500,000.';
    expect(body).toEqual({ errors: [{ type: 'MAX_NODE_LIMIT_EXCEEDED', message }] });
  });

  it('reject more than 100 ids in one field, but accept several fields', async () => {
    const { repository, viewer } = createSmallWorld();
    const ids = Array(101).fill(nodeId('R', repository.id));
    const query = 'query($a: [ID!]!, $b: [ID!]!) { a: nodes(ids: $a) { id } b: nodes(ids: $b) { id } }';
    const refused = await ask(viewer, query, { a: ids, b: [] });
    expect(refused.body).toMatchObject({
      data: null,
      errors: [
        {
          type: 'ARGUMENT_LIMIT',
          path: ['a'],
          message: 'You may not provide more than 100 node ids; you provided 101.',
        },
      ],
    });
    const { body } = await ask(viewer, query, { a: ids.slice(1), b: ids.slice(1) });
    expect(body).not.toHaveProperty('errors');
  });

  it.each([
    [
      'issues { nodes { id } }',
      'MISSING_PAGINATION_BOUNDARIES',
      'You must provide a `first` or `last` value',
    ],
    ['issues(first: 101) { nodes { id } }', 'EXCESSIVE_PAGINATION', 'Requesting 101 records on the `issues`'],
    ['issues(first: 1, after: "x") { nodes { id } }', 'INVALID_CURSOR_ARGUMENTS', '`x` does not appear'],
  ])('reject %s', async (field, type, message) => {
    const { viewer } = createSmallWorld();
    const { body } = await ask(viewer, `{ repository(owner: "acme", name: "tools") { ${field} } }`);
    expect(body).toMatchObject({
      data: { repository: null },
      errors: [{ type, path: ['repository', 'issues'], message: expect.stringContaining(message) }],
    });
  });

  it('answer half of a query that needs too much work', async () => {
    const { repository, viewer } = createSmallWorld();
    const id = nodeId('R', repository.id);
    const query = 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }';
    const { body } = await ask({ ...viewer, exhausted: true }, query, { ids: [id, id] });
    expect(body).toMatchObject({
      data: { nodes: [{ id }, null] },
      errors: [
        {
          type: 'RESOURCE_LIMITS_EXCEEDED',
          path: ['nodes', 1],
          message: 'Resource limits for this query exceeded.',
        },
      ],
    });
  });
});

describe('an object that may not be read', () => {
  it('is null with NOT_FOUND, like one that does not exist', async () => {
    const { world, ann, repository, viewer } = createSmallWorld();
    const other = createAccount(world, { login: 'other' });
    const hidden = createRepository(world, other, { name: 'hidden', private: true }, ann);
    const shown = createRepository(world, other, { name: 'shown' }, ann);
    const ids = [hidden.id, repository.id, shown.id].map((one) => nodeId('R', one));
    const { body } = await ask(viewer, 'query($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
    expect(body).toMatchObject({
      data: { nodes: [null, { id: ids[1] }, { id: ids[2] }] },
      errors: [
        {
          type: 'NOT_FOUND',
          path: ['nodes', 0],
          message: `Could not resolve to a node with the global id of '${ids[0]}'`,
        },
      ],
    });
  });

  it('is outside a narrowed token or the permissions, or blocked', async () => {
    const { world, repository, viewer } = createSmallWorld();
    const query = '{ repository(owner: "acme", name: "tools") { id issues { totalCount } } }';
    const narrowed = { ...viewer, token: { ...viewer.token, repositoryIds: [1] } };
    expect((await ask(narrowed, query)).body).toHaveProperty('errors.0.type', 'NOT_FOUND');
    const poor = { ...viewer, token: { permissions: { metadata: 'read' }, repositoryIds: null } };
    expect((await ask(poor, query)).body).toHaveProperty('errors.0.type', 'FORBIDDEN');
    setBlock(world, repository, 'dmca');
    expect((await ask(viewer, query)).body).toHaveProperty('errors.0.message', 'Repository access blocked');
  });

  it('may be any pull request while they are switched off', async () => {
    const { world, ann, repository, viewer } = createSmallWorld();
    push(world, repository, { branch: 'feature', commits: [{}] }, ann);
    openPull(world, repository, { head: 'feature' }, ann);
    const query = '{ repository(owner: "acme", name: "tools") { pullRequests { totalCount } } }';
    const count = async () => (await ask(viewer, query)).body;
    expect(await count()).toEqual({ data: { repository: { pullRequests: { totalCount: 1 } } } });
    repository.hasPullRequests = false;
    expect(await count()).toEqual({ data: { repository: { pullRequests: { totalCount: 0 } } } });
  });

  it('may be any issue while they are switched off', async () => {
    const { world, ann, repository, viewer } = createSmallWorld();
    openIssue(world, repository, {}, ann);
    repository.hasIssues = false;
    const query = '{ repository(owner: "acme", name: "tools") { hasIssuesEnabled issues { totalCount } } }';
    const { body } = await ask(viewer, query);
    expect(body).toEqual({ data: { repository: { hasIssuesEnabled: false, issues: { totalCount: 0 } } } });
  });
});

describe('requests that cannot be run', () => {
  it.each([
    ['{ viewer', 'Syntax Error'],
    ['{ nothing }', 'Cannot query field "nothing"'],
    ['query($id: ID!) { node(id: $id) { id } }', 'Variable "$id" of required type'],
    ['mutation { addStar(input: { starrableId: "x" }) { clientMutationId } }', 'Resource not accessible'],
  ])('are answered with errors and no data: %s', async (query, message) => {
    const { viewer } = createSmallWorld();
    const { body } = await ask(viewer, query);
    expect(body).toEqual({
      errors: [expect.objectContaining({ message: expect.stringContaining(message) })],
    });
  });

  it('name the field that the sandbox lacks instead of returning null', async () => {
    const { viewer } = createSmallWorld();
    const { body } = await ask(
      viewer,
      '{ repository(owner: "acme", name: "tools") { codeowners { errors { line } } } }',
    );
    expect(body).toHaveProperty(
      'errors.0.message',
      'The sandbox GitHub does not simulate Repository.codeowners',
    );
  });
});
