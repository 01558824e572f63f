import { afterAll, beforeAll, beforeEach, expect } from '@jest/globals';
import { nodeId } from '../../sandbox/world/node-id.ts';
import { startHarness, type Harness, type Received } from './harness.ts';

/** When the issue and the pull request of a test were made, and when it begins. */
export const BEFORE = '2026-03-02T10:00:00Z';
export const LATER = '2026-03-02T10:01:00Z';

/** A repository of its own for each test, with an issue (1) and a pull request (2) by bob, as they were a minute ago. */
export function useTeamRepository() {
  let github: Harness | undefined;
  let repo = '';
  let repositories = 0;

  beforeAll(async () => {
    github = await startHarness();
    for (const login of ['bob', 'cas']) github.sandbox.control.createAccount({ login });
  });
  afterAll(() => started().close());
  beforeEach(async () => {
    const { control } = started().sandbox;
    control.clearFaults({});
    control.clock({ run: true });
    control.clock({ freeze: Date.parse(BEFORE) / 1000 });
    repo = `acme/team-${(repositories += 1)}`;
    control.createRepository({ owner: 'acme', name: repo.slice(5) });
    control.push({ repo });
    control.openIssue({ repo });
    control.openPull({ repo, head: 'topic', by: 'bob' });
    control.clock({ advance: 60 });
    await started().arrived();
  });

  function started(): Harness {
    if (github === undefined) throw new Error('the sandbox has not started');
    return github;
  }
  async function get(path: string) {
    return started().get(`/repos/${repo}${path}`);
  }

  async function body(path: string) {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    return answer.body;
  }

  async function ask(query: string, variables: Record<string, unknown>) {
    const { sandbox } = started();
    const answer = await fetch(`${sandbox.url}/graphql`, {
      method: 'POST',
      headers: { authorization: `token ${await started().token()}`, 'user-agent': 'test' },
      body: JSON.stringify({ query, variables }),
    });
    const json: Received['payload'] = await answer.json();
    expect(json.errors).toBeUndefined();
    return json.data;
  }

  function repositoryOf() {
    const found = [...started().sandbox.world.state.repositories.values()].find(
      ({ name }) => name === repo.slice(5),
    );
    if (!found) throw new Error('no repository');
    return found;
  }

  function pullId(): string {
    const repository = repositoryOf();
    return nodeId('PR', repository.issues.get(2)?.pull?.id ?? 0, repository.id);
  }

  return {
    get github() {
      return started();
    },
    get repo() {
      return repo;
    },
    get,
    body,
    ask,
    repositoryOf,
    pullId,
    one: () => ({ repo, number: 1 }),
    two: () => ({ repo, number: 2 }),
  };
}
