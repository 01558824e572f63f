/** A small world and a client for the tests of the GraphQL API. */
import type { GraphqlAnswer, Viewer } from '../../sandbox/graphql/index.ts';
import { createGraphql } from '../../sandbox/graphql/index.ts';
import { queryRoot } from '../../sandbox/query/query.ts';
import { createAccount } from '../../sandbox/resources/accounts/account.ts';
import { createInitialWorld } from '../../sandbox/initial-world.ts';
import { install } from '../../sandbox/resources/installations/installation.ts';
import { push } from '../../sandbox/resources/branches/push.ts';
import { createRepository } from '../../sandbox/resources/repositories/repository.ts';
import { createClock } from '../../sandbox/world/clock.ts';

/** An organisation with the App on all its repositories, two people, a private repository with one commit. Time stands at 2026-01-01. */
export function createSmallWorld() {
  const clock = createClock();
  clock.freeze(Date.parse('2026-01-01T00:00:00Z') / 1000);
  const input = { seed: 1, appId: 7, privateKey: '', webhookUrl: null, webhookSecret: null };
  const world = createInitialWorld(input, clock);
  const org = createAccount(world, { login: 'acme', type: 'Organization', name: 'Acme' });
  const ann = createAccount(world, { login: 'ann', name: 'Ann', emails: ['ann@acme.test'] });
  const bot = createAccount(world, { login: 'helper[bot]', type: 'Bot', emails: ['bot@acme.test'] });
  const installation = install(world, org, 'all', ann);
  const repository = createRepository(world, org, { name: 'tools', private: true, topics: ['cli'] }, ann);
  push(world, repository, { commits: [{ message: 'Start' }] }, ann);
  const viewer: Viewer = {
    context: { world, api: 'https://api.github.test' },
    installation,
    token: { permissions: installation.permissions, repositoryIds: null },
    rate: { limit: 5000, used: 10, remaining: 4990, reset: 1_767_229_200 },
  };
  return { world, clock, org, ann, bot, repository, installation, viewer };
}

const graphql = createGraphql(queryRoot);

/** Asks as the viewer. */
export function ask(
  viewer: Viewer,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<GraphqlAnswer> {
  return graphql.answer({ query, variables, operationName: null }, viewer);
}

/** The measure of a query. */
export function measured(query: string, variables: Record<string, unknown> = {}) {
  return graphql.measure({ query, variables, operationName: null });
}
