import { expect, it } from '@jest/globals';
import { drainQueue } from '../../src/sync/installation/drain-queue.ts';
import { useMirror } from '../support/use-mirror.ts';

const { mirror, control } = useMirror();

it('leaves the rest of a low rate limit to imports before verification', async () => {
  control.createRepository({ owner: 'acme', name: 'new' });
  await control.deliveriesDone({});
  await mirror.rows(`update repository_sync set wanted_at = now(), wanted_mode = 'everything'`);
  // Of 5,000: a tenth is kept from verification.
  control.setRateLimit({ installationId: mirror.installationId, remaining: 450, resetIn: 3600 });
  await expect(mirror.sweep()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(
    await mirror.rows(`select r.name, r.last_synced_at is not null as synced, s.wanted_mode
      from repositories r join repository_sync s on s.repository_id = r.id order by r.name`),
  ).toEqual([
    { name: 'app', synced: true, wanted_mode: 'everything' },
    { name: 'new', synced: true, wanted_mode: null },
  ]);
});

it.each([
  { purpose: 'verification', mode: 'everything', remaining: 450 },
  // Of 5,000: a twenty-fifth is kept from sweeps.
  { purpose: 'sweeps', mode: 'changes', remaining: 190 },
])(
  'a rate limit kept from $purpose is not tried for each of many repositories',
  async ({ mode, remaining }) => {
    control.growRepositories({ owner: 'acme', count: 60, commits: 1 });
    await mirror.sweep();
    await mirror.rows(`update repository_sync set wanted_at = now(), wanted_mode = '${mode}', seen = null`);
    control.setRateLimit({ installationId: mirror.installationId, remaining, resetIn: 3600 });
    const request = {
      installationId: mirror.installationId,
      jobId: mirror.jobId,
      owner: 'one',
      budgetMs: 60_000,
    };
    const outcome = await drainQueue(mirror.deps, { ...request, onProgress: () => undefined });
    expect(outcome).toMatchObject({ remaining: 61, stopped: { code: 'RATE_LIMITED' } });
    // Those that nobody leased are still as that one statement left them.
    const [untouched] = await mirror.rows<{ n: number }>(
      `select count(*)::int as n from repository_sync group by xmin::text order by 1 desc limit 1`,
    );
    expect(untouched?.n).toBeGreaterThan(40);
  },
);
