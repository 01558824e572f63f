import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  countQueued,
  liveRepositories,
  nextQueued,
} from '../../src/db/repository-sync/queued-repositories.ts';
import { addDrift } from '../../src/db/repository-sync/add-drift.ts';
import { acquireLease, writeUnleased } from '../../src/db/repository-sync/repository-lease.ts';
import {
  countRound,
  failComparison,
  finishComparison,
  finishFurther,
} from '../../src/db/repository-sync/repository-progress.ts';
import {
  enqueueRepositories,
  enqueueVerification,
} from '../../src/db/repository-sync/enqueue-repositories.ts';
import { leaseSmallRepositories } from '../../src/db/repository-sync/lease-small-repositories.ts';
import { requiredKindPermissions } from '../../src/entities/index.ts';
import { markUnchanged, setFirstCompared } from '../../src/db/repositories/sync-status.ts';
import { findRepository } from '../../src/db/repository-sync/repository-state.ts';
import { watchPlans } from '../support/plans.ts';
import { openTestRows, type TestRows } from '../support/rows.ts';

const WAITING = 50_000;
const anybody = { except: [] as number[], compared: [] as number[], owner: 'somebody', limit: 20 };
const error = { code: 'UNKNOWN', message: 'it failed' };

let test: TestRows;

beforeEach(async () => {
  test = await openTestRows();
});
afterEach(() => test.close());

async function idsNext(installationId: number, options: Partial<typeof anybody> = {}): Promise<number[]> {
  return (await nextQueued(test.orm, installationId, { ...anybody, ...options })).map(({ id }) => id);
}

async function queuedAt(): Promise<string | null> {
  return (await findRepository(test.db, 1))?.queued_at ?? null;
}

describe('the queue of comparisons', () => {
  it('returns a compared repository again only for its further kinds', async () => {
    await enqueueRepositories(test.db, [{ id: 1, probe: null }], 'incremental');
    expect(await idsNext(1, { compared: [1] })).toEqual([]);
    await test.rows(`update repository_sync set wanted_mode = 'further'`);
    expect(await idsNext(1, { compared: [1] })).toEqual([1]);
    expect(await idsNext(1, { except: [1] })).toEqual([]);
  });

  it('returns the next in order without reading all that are queued', async () => {
    const plans = await watchPlans(test);
    await test.rows(`insert into installations
      (id, account_id, account_login, account_type, repository_selection, permissions, events, created_at)
      select n, n, 'org' || n, 'Organization', 'all', '{}', '[]', now() from generate_series(2, 3) n`);
    // Two thirds are of the first installation; nothing is analyzed.
    await test.rows(`insert into repositories
      (id, node_id, installation_id, owner_login, name, full_name, private, visibility, archived, disabled, fork,
       default_branch, created_at, updated_at)
      select 100 + n, 'R_' || n, case when n % 3 = 0 then 2 else 1 end, 'acme', 'n' || n, 'acme/n' || n, false, 'public',
        false, false, false, 'main', now(), now() from generate_series(1, ${WAITING}) n`);
    await test.rows(`insert into repository_sync (repository_id, wanted_at, wanted_mode, wanted_rounds)
      select 100 + n, now() - n * interval '1 second', case when n % 2 = 0 then 'everything' else 'changes' end, n % 5
      from generate_series(1, ${WAITING}) n`);
    plans.most();
    const first = await idsNext(1);
    expect(first).toHaveLength(20);
    // Changes before everything, those not begun before others, then those that have waited longest.
    expect(first.map((id) => (id - 100) % 10)).toEqual(first.map(() => 5));
    expect(first).toEqual(first.toSorted((a, b) => b - a));
    const others = await idsNext(1, { except: first });
    expect(others.filter((id) => first.includes(id))).toEqual([]);
    expect(await idsNext(2)).toHaveLength(20);
    expect(await idsNext(3)).toEqual([]);
    expect(plans.most().rows).toBeLessThanOrEqual(40);
  });

  it('shows small new repositories however many large ones are in front of them', async () => {
    await test.rows(`update installations set permissions = (
      select jsonb_object_agg(name, 'read') from unnest('{${requiredKindPermissions.join(',')}}'::text[]) name)`);
    await test.rows(`insert into repositories
      (id, node_id, installation_id, owner_login, name, full_name, private, visibility, archived, disabled, fork,
       default_branch, created_at, updated_at)
      select 100 + n, 'R_' || n, 1, 'acme', 'n' || n, 'acme/n' || n, false, 'public', false, false, false, 'main', now(),
        now() from generate_series(1, 1010) n`);
    await test.rows(`insert into repository_sync (repository_id, wanted_at, wanted_mode, probed)
      select 100 + n, now(), 'changes', jsonb_build_object('head_sha', 'abc', 'default_branch', 'main',
        'issues_count', case when n <= 1000 then 400 else 3 end) from generate_series(1, 1010) n`);
    const group = await leaseSmallRepositories(test.orm, 1, { except: [1101], owner: 'somebody', limit: 10 });
    expect(group?.repositories.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 9 }, (_one, at) => 1102 + at),
    );
    await group?.lease.release();
  });

  it('follows a repository to another installation, and forgets one that is removed', async () => {
    await test.rows(`insert into installations
      (id, account_id, account_login, account_type, repository_selection, permissions, events, created_at)
      values (2, 2, 'bob', 'User', 'all', '{}', '[]', now())`);
    await enqueueRepositories(
      test.db,
      [1, 2, 3].map((id) => ({ id, probe: null })),
      'incremental',
    );
    await test.rows('update repositories set installation_id = 2 where id = 2');
    await test.rows(`update repositories set removed_at = now(), removed_reason = 'deleted' where id = 3`);
    expect([await idsNext(1), await idsNext(2)]).toEqual([[1], [2]]);
    expect([(await countQueued(test.db, 1)).queued, (await countQueued(test.db, 2)).queued]).toEqual([1, 1]);
  });

  it('skips repositories that another process is syncing', async () => {
    await enqueueRepositories(
      test.db,
      [1, 2].map((id) => ({ id, probe: null })),
      'incremental',
    );
    const lease = await acquireLease(test.orm, 1, 'another/1');
    expect(await idsNext(1)).toEqual([2]);
    expect(await idsNext(1, { owner: 'another' })).toEqual([1, 2]);
    await lease?.release();
  });

  it('starts over with a postponed repository, and never requests less than before', async () => {
    await test.rows(`update repository_sync set wanted_at = now(), wanted_mode = 'everything', wanted_rounds = 3,
      wanted_after = now() + interval '1 hour' where repository_id = 1`);
    expect(await idsNext(1)).toEqual([]);
    expect((await countQueued(test.db, 1)).afterMs).toBeGreaterThan(3_000_000);
    await enqueueRepositories(test.db, [{ id: 1, probe: null }], 'incremental');
    expect(await nextQueued(test.orm, 1, anybody)).toMatchObject([{ id: 1, mode: 'full' }]);
    expect(
      await test.rows('select wanted_rounds, wanted_after from repository_sync where repository_id = 1'),
    ).toEqual([{ wanted_rounds: 0, wanted_after: null }]);
  });

  it('verifies only repositories that are live, imported and not paused', async () => {
    await test.rows(`update repositories set last_synced_at = now(), sync_status = 'paused' where id = 1`);
    await test.rows(`update repositories set last_synced_at = now(), removed_at = now(), removed_reason = 'deleted'
      where id = 2`);
    expect(await enqueueVerification(test.db, 1, 0)).toBe(0);
    await test.rows(`update repositories set sync_status = 'fresh' where id = 1`);
    expect(await enqueueVerification(test.db, 1, 0)).toBe(1);
    expect(await nextQueued(test.orm, 1, anybody)).toMatchObject([{ id: 1, mode: 'full' }]);
  });
});

describe('a repository of which GitHub shows nothing new', () => {
  it('was compared now, unless it was removed', async () => {
    await test.rows(`update repositories set removed_at = now(), removed_reason = 'deleted' where id = 2`);
    await markUnchanged(test.db, [1, 2]);
    const synced = 'select id::int from repositories where last_synced_at is not null';
    expect(await test.rows(synced)).toEqual([{ id: 1 }]);
  });

  it('is imported only while its last comparison succeeded', async () => {
    await markUnchanged(test.db, [1, 2]);
    await test.rows(`update repositories set sync_status = 'fresh' where id = 1`);
    await test.rows(`update repositories set sync_status = 'error' where id = 2`);
    const listed: object[] = [];
    for await (const page of liveRepositories(test.db, 1, 600_000))
      listed.push(...page.map(({ id, imported, fresh }) => ({ id, imported, fresh })));
    expect(listed).toEqual([
      { id: 1, imported: true, fresh: true },
      { id: 2, imported: false, fresh: false },
      { id: 3, imported: false, fresh: false },
    ]);
  });
});

describe('work that was queued while a comparison ran', () => {
  const done = { repositoryId: 1, applied: null, error: null };

  beforeEach(() => enqueueRepositories(test.db, [{ id: 1, probe: null }], 'incremental'));

  it('stays queued when the comparison fails', async () => {
    const before = await queuedAt();
    await enqueueRepositories(test.db, [{ id: 1, probe: null }], 'incremental');
    await writeUnleased(test.orm, 1, (tx) => failComparison(tx, 1, before, error));
    expect(await idsNext(1)).toEqual([1]);
    expect(await test.rows('select sync_error from repositories where id = 1')).toEqual([
      { sync_error: 'UNKNOWN: it failed' },
    ]);
    const now = await queuedAt();
    await writeUnleased(test.orm, 1, (tx) => failComparison(tx, 1, now, error));
    expect(await idsNext(1)).toEqual([]);
  });

  it('stays queued if it goes beyond what was compared', async () => {
    const before = await queuedAt();
    await test.rows('update repositories set last_synced_at = now()');
    await enqueueVerification(test.db, 1, 0);
    await finishComparison(test.db, { ...done, queuedAt: before, verified: null });
    expect((await findRepository(test.db, 1))?.queued_mode).toBe('full');
    await finishComparison(test.db, {
      ...done,
      queuedAt: await queuedAt(),
      verified: { compared: {} },
    });
    expect(await queuedAt()).toBeNull();
  });

  it('stays queued if it goes beyond the kinds that were read', async () => {
    await test.rows(`update repositories set last_synced_at = now()`);
    await test.rows(`update repository_sync set wanted_mode = 'further' where repository_id = 1`);
    const before = await queuedAt();
    await enqueueVerification(test.db, 1, 0);
    await addDrift(test.db, 1, { repositories: 1 });
    await finishFurther(test.db, { repositoryId: 1, queuedAt: before, error: null });
    const { queued_mode, checkpoints } = (await findRepository(test.db, 1)) ?? {};
    expect({ queued_mode, healed: checkpoints?.['drift']?.healed }).toEqual({
      queued_mode: 'full',
      healed: { repositories: 1 },
    });
  });

  it('is not counted by a holder that was delayed meanwhile', async () => {
    const before = (await queuedAt()) ?? '';
    expect(await countRound(test.db, 1, before)).toBe(1);
    await test.rows(`update repository_sync set wanted_at = wanted_at + interval '1 second'`);
    expect(await countRound(test.db, 1, before)).toBe(0);
    await finishComparison(test.db, { ...done, queuedAt: await queuedAt(), verified: null });
    expect(await countRound(test.db, 1, before)).toBe(0);
    expect(await idsNext(1)).toEqual([]);
  });

  it("is written only by the lease's holder: another process's failure writes nothing", async () => {
    const lease = await acquireLease(test.orm, 1, 'another');
    expect(await writeUnleased(test.orm, 1, (tx) => failComparison(tx, 1, null, error))).toBe(false);
    await lease?.release();
    expect(await test.rows('select sync_error from repositories where id = 1')).toEqual([
      { sync_error: null },
    ]);
  });
});

describe('a repository whose installation was suspended during its comparison', () => {
  beforeEach(() => test.rows(`update repositories set sync_status = 'paused' where id = 1`));

  it.each([
    [
      'the comparison',
      () =>
        finishComparison(test.db, {
          repositoryId: 1,
          applied: null,
          error: null,
          queuedAt: null,
          verified: null,
        }),
    ],
    ['its first one', () => setFirstCompared(test.db, [{ id: 1, head_sha: 'a', open: null }])],
    ['its failure', () => failComparison(test.db, 1, null, error)],
  ])('stays paused at the end of %s', async (_what, end) => {
    await end();
    expect(await test.rows('select sync_status from repositories where id = 1')).toEqual([
      { sync_status: 'paused' },
    ]);
  });
});
