import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startStack, type Stack } from '../support/stack.ts';

/** So slow that what a busy machine adds is less than one answer. */
const SLOW_MS = 1500;
/**
 * How many slow answers may pass until a row is there: the ten requests of an installation in progress
 * (`github/session/places.ts`) may each be followed by one more before a busy machine has written it.
 */
const FEW = 20;
const REPOSITORIES = 12;

let stack: Stack;
beforeEach(async () => {
  stack = await startStack();
  stack.sandbox.control.createAccount({ login: 'acme', type: 'Organization' });
});
afterEach(() => stack.close());

const count = async (from: string, values: unknown[] = []): Promise<number> => {
  const [row] = await stack.query<{ n: number }>(`select count(*)::int as n from ${from}`, values);
  return row?.n ?? 0;
};
const backfills = () => count(`repository_sync where wanted_at is not null and wanted_mode = 'further'`);
const compared = () => count('repositories where last_synced_at is not null');
const slowAnswers = () =>
  stack.sandbox.control.requests(10_000).filter(({ durationMs }) => durationMs >= SLOW_MS).length;

/** Repositories that nobody was told of; each needs some ten requests for its further kinds. */
function createRepositories(): number[] {
  const { control, world } = stack.sandbox;
  return world.silently(() => {
    const ids = control.growRepositories({ owner: 'acme', count: REPOSITORIES, commits: 3 });
    for (const repo of ids) {
      control.growIssues({ repo, count: 3 });
      control.growPulls({ repo, count: 2 });
      control.growComments({ repo, number: 1, count: 320 });
    }
    return ids;
  });
}

/** How many slow answers GitHub gave until the issue that is opened in `repo` was in its row. */
async function slowUntilIssue(repo: number): Promise<number> {
  const before = slowAnswers();
  const { id } = stack.sandbox.control.openIssue({ repo, title: 'Opened meanwhile' });
  await stack.until('the issue', async () => (await count('issues where id = $1', [id])) > 0);
  return slowAnswers() - before;
}

/** The same until a commit that is pushed is the head. */
async function slowUntilPush(repo: number): Promise<number> {
  const before = slowAnswers();
  const { commits } = stack.sandbox.control.push({ repo, commits: 1 });
  const at = [repo, commits.at(-1)?.sha];
  await stack.until(
    'the head',
    async () => (await count('repositories where id = $1 and head_sha = $2', at)) > 0,
  );
  return slowAnswers() - before;
}

describe('deliveries', () => {
  it('do not wait for the further kinds that are being read of their and other repositories', async () => {
    const { control } = stack.sandbox;
    const ids = createRepositories();
    control.addFault({
      action: { kind: 'latency', ms: SLOW_MS },
      match: String.raw`/(comments|labels|milestones|releases)\?`,
    });
    control.install({ account: 'acme' });
    await stack.until('the required kinds', async () => (await backfills()) === REPOSITORIES);
    control.clearFaults({});
    control.faultSettings({ latencyMs: SLOW_MS });
    for (const repo of [...ids.slice(0, 2), ...ids.slice(-2)])
      expect(await slowUntilIssue(repo)).toBeLessThanOrEqual(FEW);
    // A push is followed by requests of its own, which are slow as well, one after the other.
    for (const repo of [...ids.slice(2, 3), ...ids.slice(-1)])
      expect(await slowUntilPush(repo)).toBeLessThanOrEqual(2 * FEW);
    // They were shown while it had work left: which repositories it is done with does not matter.
    expect(await backfills()).toBeGreaterThan(0);
    control.clearFaults({});
    await stack.quiet();
    expect(await backfills()).toBe(0);
  });

  it('are applied while a backfill waits for the rate limit', async () => {
    const { control } = stack.sandbox;
    const [first = 0, second = 0] = createRepositories();
    control.addFault({ action: { kind: 'latency', ms: 100 }, match: String.raw`/comments\?` });
    const { id: installationId } = control.install({ account: 'acme' });
    await stack.until('the required kinds', async () => (await backfills()) === REPOSITORIES);
    // Of 1,000 a backfill leaves 40 (`github/session/purposes.ts`).
    control.setRateLimit({ installationId, limit: 1000, remaining: 60, resetIn: 20 });
    const waiting = `sync_jobs where status = 'running' and error ->> 'code' = 'RATE_LIMITED'`;
    await stack.until('the backfill to wait', async () => (await count(waiting)) > 0);
    await slowUntilIssue(first);
    await slowUntilPush(second);
    expect(await backfills()).toBeGreaterThan(0);
    const limited = control.requests(10_000).filter((request) => request.limited);
    expect(limited).toEqual([]);
    await stack.quiet();
    expect(await backfills()).toBe(0);
  });

  it('do not wait for the import of a large repository, even if they are about it', async () => {
    const { control, world } = stack.sandbox;
    const { id: large } = world.silently(() => {
      const made = control.createRepository({ owner: 'acme', name: 'large' });
      control.growCommits({ repo: made.id, count: 3000 });
      control.growIssues({ repo: made.id, count: 3000 });
      return made;
    });
    const [first = 0, second = 0] = createRepositories();
    control.addFault({ action: { kind: 'latency', ms: SLOW_MS }, match: `/repositories/${large}/` });
    control.install({ account: 'acme' });
    await stack.until('the others', async () => (await compared()) === REPOSITORIES);
    expect(await slowUntilIssue(first)).toBeLessThanOrEqual(FEW);
    expect(await slowUntilPush(second)).toBeLessThanOrEqual(FEW);
    expect(await slowUntilIssue(large)).toBeLessThanOrEqual(FEW);
    expect(await compared()).toBe(REPOSITORIES);
    control.clearFaults({});
    await stack.quiet();
    expect(await compared()).toBe(REPOSITORIES + 1);
  });

  it('do not wait for the small repositories that are imported together with their own', async () => {
    const { control } = stack.sandbox;
    const [first = 0] = createRepositories();
    control.addFault({ action: { kind: 'latency', ms: SLOW_MS }, match: '/repositories/' });
    control.install({ account: 'acme' });
    await stack.until('the first answers', async () => slowAnswers() > 0);
    expect(await slowUntilIssue(first)).toBeLessThanOrEqual(FEW);
    expect(await compared()).toBe(0);
    control.clearFaults({});
    await stack.quiet();
    expect(await compared()).toBe(REPOSITORIES);
  });

  it('of a repository that nothing else announces lead to its further kinds as well', async () => {
    const { control, world } = stack.sandbox;
    control.install({ account: 'acme' });
    await stack.quiet();
    const { id } = world.silently(() => {
      const made = control.createRepository({ owner: 'acme', name: 'fresh' });
      control.growIssues({ repo: made.id, count: 1 });
      control.growComments({ repo: made.id, number: 1, count: 3 });
      return made;
    });
    control.push({ repo: id, commits: 1 });
    const comments = () => count('issue_comments where repository_id = $1', [id]);
    await stack.until('its comments', async () => (await comments()) === 3);
    await stack.quiet();
    expect(await backfills()).toBe(0);
  });

  it('of repositories that are not imported yet do not let an import list all of them again', async () => {
    const { control } = stack.sandbox;
    const ids = createRepositories();
    control.addFault({ action: { kind: 'latency', ms: SLOW_MS }, match: String.raw`/commits\?` });
    control.addFault({ action: { kind: 'latency', ms: SLOW_MS / 3 }, match: String.raw`/comments\?` });
    control.install({ account: 'acme' });
    await stack.until(
      'the queue',
      async () => (await count('repository_sync where wanted_at is not null')) > 0,
    );
    for (const repo of ids.slice(-3)) control.openIssue({ repo, title: 'Opened meanwhile' });
    await stack.until('their first comparison', async () => (await compared()) === REPOSITORIES);
    await stack.quiet();
    expect(await backfills()).toBe(0);
    const lists = control
      .requests(10_000)
      .filter(({ path }) => path.startsWith('/installation/repositories'));
    expect(lists).toHaveLength(1);
  });
});
