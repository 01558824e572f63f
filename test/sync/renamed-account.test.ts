import { expect, it } from '@jest/globals';
import { CONSISTENCY_DELAYS_MS } from '../../src/sync/poll-until-consistent.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirror } from '../support/use-mirror.ts';

const { mirror, control } = useMirror();

it("shows an account's new login although GitHub shows the old one for another second", async () => {
  mirror.deps.consistencyDelaysMs = CONSISTENCY_DELAYS_MS;
  control.faultSettings({ staleSeconds: 1 });
  control.renameAccount({ login: 'acme', to: 'zenith' });
  await mirror.work();
  control.clearFaults({});
  expect(await mirror.rows('select account_login from installations')).toEqual([{ account_login: 'zenith' }]);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});
