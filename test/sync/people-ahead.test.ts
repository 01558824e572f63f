import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { compareInstallation } from '../../src/sync/installation/compare-installation.ts';
import { standBetween, type Between } from '../support/between.ts';
import { startMirror, type Mirror } from '../support/mirror.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';

let between: Between;
let mirror: Mirror;
beforeEach(async () => {
  between = await standBetween();
  mirror = await startMirror({ between, imported: false });
});
afterEach(() => mirror.close());

it('stores the authors of a long history while its last pages are on their way', async () => {
  const { control, deps, installationId, jobId } = mirror;
  mirror.sandbox.world.silently(() => {
    control.createAccount({ login: 'carol', emails: ['carol@example.com'] });
    const { id } = control.createRepository({ owner: 'acme', name: 'long' });
    control.push({ repo: id, commits: 900, by: 'carol' });
  });
  await compareInstallation(deps, { installationId, jobId, freshForMs: 0 });
  const [row] = await mirror.rows<{ id: number }>(`select id from repositories where name = 'long'`);
  const known = `select login from contributors where login = 'carol'`;
  let found: unknown = null;
  between.alter = async ({ request }) => {
    // The first pages of 900 commits; with the ninth the list ends.
    if (!/\/commits\?.*page=9$/.test(request)) return;
    for (let left = 400; left > 0 && (await mirror.rows(known)).length === 0; left -= 1) await sleep(5);
    found = await mirror.rows(known);
  };
  await mirror.sync(row?.id ?? 0);
  expect(found).toEqual([{ login: 'carol' }]);
  between.alter = null;
  await mirror.sweep();
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});
