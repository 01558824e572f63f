import { expect, it } from '@jest/globals';
import { CONSISTENCY_DELAYS_MS } from '../../src/sync/poll-until-consistent.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';
import { useMirrorBetweenEach } from '../support/use-mirror.ts';

const { mirror, control, between } = useMirrorBetweenEach();

it("shows an account's new login although GitHub shows the old one for another second", async () => {
  mirror.deps.consistencyDelaysMs = CONSISTENCY_DELAYS_MS;
  control.faultSettings({ staleSeconds: 1 });
  control.renameAccount({ login: 'acme', to: 'zenith' });
  await mirror.work();
  control.clearFaults({});
  expect(await mirror.rows('select account_login from installations')).toEqual([{ account_login: 'zenith' }]);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});

it("renames an account's repositories although GitHub's list of them is behind the account itself", async () => {
  let stale = 2;
  between.alter = (answer) => {
    if (!answer.request.startsWith('GET /installation/repositories') || stale === 0) return;
    stale -= 1;
    answer.body = answer.body.replaceAll('"zenith', '"acme');
  };
  control.renameAccount({ login: 'acme', to: 'zenith' });
  await mirror.work();
  expect(stale).toBe(0);
  expect(await differencesFromGitHub(mirror)).toEqual([]);
});
