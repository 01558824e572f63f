import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { acquireLease } from '../../src/db/repository-sync/repository-lease.ts';
import { compareInstallation } from '../../src/sync/installation/compare-installation.ts';
import { drainQueue } from '../../src/sync/installation/drain-queue.ts';
import { standBetween, type Between, type PassingAnswer } from '../support/between.ts';
import { startMirror, type Mirror } from '../support/mirror.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';

let between: Between;
let mirror: Mirror;
let control: Mirror['control'];
let ids: number[];

beforeEach(async () => {
  between = await standBetween();
  mirror = await startMirror({ between, imported: false });
  ({ control } = mirror);
  const { world } = mirror.sandbox;
  world.clock.freeze(Math.floor(Date.now() / 1000) - 80_000);
  world.silently(() => {
    ids = control.growRepositories({ owner: 'acme', count: 8, commits: 4 });
    for (const repo of ids) control.growIssues({ repo, count: 3 });
    for (const repo of ids.slice(4)) control.growPulls({ repo, count: 2 });
  });
  world.clock.run();
});
afterEach(() => mirror.close());

/** Queues all repositories, as an import does. */
async function list(): Promise<void> {
  const { deps, installationId, jobId } = mirror;
  await compareInstallation(deps, { installationId, jobId, freshForMs: 0 });
  between.requests.length = 0;
}

/** Works the queue off, further kinds included, unless others hold what is left of it. */
async function drain(owner: string): Promise<void> {
  const { deps, installationId, jobId } = mirror;
  const request = { installationId, jobId, owner, budgetMs: 120_000, onProgress: () => undefined };
  for (let left = 4; left > 0; left -= 1) if ((await drainQueue(deps, request)).remaining === 0) return;
}

/** How many repositories that are not small are compared at a time. */
const LANES = 6;
const FURTHER_LISTS = /\/(labels|milestones|releases|comments)\?/;

const lists = (id: number) =>
  between.requests.filter((one) =>
    new RegExp(`^GET /repositories/${id}/(branches|commits|issues|pulls)\\?`).test(one),
  );

function alterOnce(pattern: RegExp, change: (answer: PassingAnswer) => void | Promise<void>): void {
  const before = between.alter;
  let isDone = false;
  between.alter = async (answer) => {
    await before?.(answer);
    if (isDone || !pattern.test(answer.request)) return;
    isDone = true;
    await change(answer);
  };
}

const listed = () =>
  between.requests.filter((one) => one.startsWith('GET /installation/repositories')).length;
const minted = () => between.requests.filter((one) => one.endsWith('/access_tokens')).length;

describe('small repositories', () => {
  it('are listed with a token created while their installation is requested, and at once', async () => {
    const { deps, installationId, jobId } = mirror;
    let meanwhile: number[] = [];
    alterOnce(/^GET \/app\/installations\/\d+$/, async () => {
      for (let left = 400; left > 0 && listed() === 0; left -= 1) await sleep(5);
      meanwhile = [minted(), listed()];
    });
    await compareInstallation(deps, { installationId, jobId, freshForMs: 0 });
    expect(meanwhile).toEqual([1, 1]);
    expect([minted(), listed()]).toEqual([1, 1]);
    expect(await mirror.rows('select count(*)::int as n from repositories')).toEqual([{ n: ids.length + 1 }]);
  });

  it("get their further kinds in the same turn, after everyone's required kinds", async () => {
    const [repo = 0] = ids;
    mirror.sandbox.world.silently(() => control.growIssues({ repo, count: 200 }));
    await list();
    const { deps, installationId, jobId } = mirror;
    const request = { installationId, jobId, owner: 'one', budgetMs: 120_000, onProgress: () => undefined };
    expect(await drainQueue(deps, request)).toMatchObject({ remaining: 0, backfills: 0, stopped: null });
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    const lastRequired = between.requests.findLastIndex((one) => /\/(issues|pulls)\?/.test(one));
    expect(between.requests.findIndex((one) => FURTHER_LISTS.test(one))).toBeGreaterThan(lastRequired);
  });

  it('are imported together, with one request per list each, by any concurrent worker', async () => {
    await list();
    await Promise.all([drain('one'), drain('other')]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    for (const id of ids) expect(lists(id)).toHaveLength(4);
    const transactions = `select count(distinct xmin::text)::int as n from commits`;
    expect((await mirror.rows<{ n: number }>(transactions))[0]?.n).toBeLessThan(5);
    expect(
      await mirror.rows(`select repositories_processed - (select count(*) from repositories) as repositories,
        commits_imported - (select count(*) from commits) as commits from sync_jobs`),
    ).toEqual([{ repositories: 0, commits: 0 }]);
    // Nothing of them is left to be read, and the complete comparison finds nothing to repair.
    between.requests.length = 0;
    await mirror.sweep();
    for (const id of ids) expect(lists(id)).toEqual([]);
    expect(await mirror.verify()).toBe(0);
  });

  it('are read once if they have a few pages; of a longer one only the first page is requested twice', async () => {
    const [long = 0, middling = 0, ...others] = ids;
    mirror.sandbox.world.silently(() => {
      control.push({ repo: long, commits: 600 });
      control.push({ repo: middling, commits: 450 });
    });
    await list();
    await drain('one');
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    // Of commits five and seven pages, of the other lists one each.
    expect(lists(middling)).toHaveLength(5 + 3);
    expect(lists(long)).toHaveLength(2 + 7 + 3);
    for (const id of others) expect(lists(id)).toHaveLength(4);
  });

  it('do not wait for long ones, which take their turn after all of them', async () => {
    let long: number[] = [];
    mirror.sandbox.world.silently(() => {
      // GitHub counts no commits: only their first pages show that these are long.
      long = control.growRepositories({ owner: 'acme', count: LANES, commits: 600 });
      ids.push(...control.growRepositories({ owner: 'acme', count: 20, commits: 1 }));
    });
    await list();
    await mirror.rows(`update repository_sync set wanted_at = wanted_at - interval '1 s'
      where repository_id = any('{${long.join(',')}}')`);
    const lacking = () =>
      mirror.rows(
        `select id from repositories where last_synced_at is null and id <> all('{${long.join(',')}}')`,
      );
    let left: unknown[] = [];
    const { promise: read, resolve: letRead } = Promise.withResolvers<void>();
    between.alter = ({ request }) => (/commits\?.*&page=2\b/.test(request) ? read : undefined);
    const draining = drain('one');
    for (let tries = 2400; tries > 0; tries -= 1) {
      left = await lacking();
      if (left.length === 0) break;
      await sleep(25);
    }
    letRead();
    await draining;
    expect(left).toEqual([]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are known from long ones in the next turn', async () => {
    const long = ids.slice(0, 4);
    mirror.sandbox.world.silently(() => {
      for (const repo of long) control.push({ repo, commits: 600 });
    });
    await list();
    const { deps, installationId, jobId } = mirror;
    const turn = new AbortController();
    await drainQueue(deps, {
      installationId,
      jobId,
      owner: 'one',
      budgetMs: 120_000,
      signal: turn.signal,
      // One group has ended, and nothing else begun.
      onProgress: () => turn.abort(),
    });
    for (const id of long) expect(lists(id)).toHaveLength(2);
    await drain('two');
    for (const id of long) expect(lists(id)).toHaveLength(2 + 7 + 3);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('are compared separately if anything about one of them is odd', async () => {
    const [unreadable = 0, moved = 0, absent = 0, odd = 0, off = 0, empty = 0, rewritten = 0] = ids;
    await list();
    alterOnce(new RegExp(`/${unreadable}/issues`), (answer) => {
      answer.body = answer.body.replace('"title":"', '"title":7,"other":"');
    });
    mirror.sandbox.world.silently(() => {
      control.push({ repo: moved, commits: 1 });
      control.forcePush({ repo: rewritten, back: 2, commits: 1 });
    });
    alterOnce(new RegExp(`/${absent}/pulls`), (answer) => {
      Object.assign(answer, { status: 404, body: '{"message":"Not Found"}' });
    });
    alterOnce(new RegExp(`/${odd}/branches`), () => {
      control.openIssue({ repo: odd });
    });
    control.editRepository({ repo: off, hasIssues: false });
    await control.deliveriesDone({});
    await drain('one');
    const read = [unreadable, moved, absent, odd, rewritten].map((id) => lists(id).length);
    expect(Math.min(...read)).toBeGreaterThan(4);
    expect(lists(empty)).toHaveLength(4);
    // What was read from the head that the probe had shown is no longer live.
    expect(
      await mirror.rows(`select r.id::int from repositories r where r.id = ${rewritten} and (select count(*) from commits
        where repository_id = r.id and orphaned_at is not null) = 2`),
    ).toEqual([{ id: rewritten }]);
    await mirror.sweep();
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });

  it('leave the one for which a delivery arrives to its round, whatever is still read of the others', async () => {
    const [delivered = 0, ...others] = ids;
    await list();
    const { promise: read, resolve: letRead } = Promise.withResolvers<void>();
    between.alter = ({ request }) => (request.includes(`/repositories/${delivered}/`) ? undefined : read);
    const draining = drain('one');
    while (between.requests.length < 10) await sleep(5);
    const { number } = control.openIssue({ repo: delivered });
    await control.deliveriesDone({});
    const row = `select number from issues where repository_id = ${delivered} and number = ${number}`;
    const round = mirror.sync(delivered, { scope: 'deliveries', patienceMs: 60_000 });
    // One in this process is told at once, one in another process looks every half second.
    for (let left = 40; left > 0 && (await mirror.rows(row)).length === 0; left -= 1) await sleep(50);
    expect(await mirror.rows(row)).toEqual([{ number }]);
    expect(await mirror.rows(`select 1 from issues where repository_id <> ${delivered}`)).toEqual([]);
    letRead();
    await Promise.all([round, draining]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    for (const id of others) expect(lists(id)).toHaveLength(4);
  });

  it('are written only for those whose lease is still held', async () => {
    const [lost = 0, ...others] = ids;
    await list();
    alterOnce(new RegExp(`/${lost}/issues`), async () => {
      await mirror.rows(
        `update repository_sync set lease_until = now() - interval '1 s' where repository_id = ${lost}`,
      );
      await acquireLease(mirror.orm, lost, 'a successor');
    });
    await drain('one');
    expect(
      await mirror.rows(`select id::int from repositories where head_sha is null or last_synced_at is null`),
    ).toEqual([{ id: lost }]);
    expect(others.flatMap(lists)).toHaveLength(4 * others.length);
    await mirror.rows(`update repository_sync set lease_until = now() where repository_id = ${lost}`);
    await drain('two');
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});
