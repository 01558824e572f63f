import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { inTransaction } from '../../src/db/orm.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const { mirror, control } = useMirror();

it('requests the next pages of a list while rows of the pages before are written', async () => {
  control.createRepository({ owner: 'acme', name: 'large' });
  control.growIssues({ repo: 'acme/large', count: 3000 });
  control.resetStats({});
  const requested = () =>
    new Set(control.requests(1000).flatMap(({ path }) => /\/issues\?.*/.exec(path) ?? [])).size;
  let sweep = Promise.resolve();
  await inTransaction(mirror.orm, async (tx) => {
    await sql`lock table issues in exclusive mode`.execute(tx);
    sweep = mirror.sweep();
    // Five pages are being written, five wait for that, and six of the eight after them are requested.
    for (let tries = 0; requested() < 16 && tries < 400; tries += 1) await sleep(50);
    expect(requested()).toBeGreaterThanOrEqual(16);
  });
  await sweep;
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});
