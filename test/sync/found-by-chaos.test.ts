import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startMirror, type Mirror } from '../support/mirror.ts';
import { differencesFromGitHub } from '../support/mirror-truth.ts';

const repo = 'acme/app';
let mirror: Mirror;
beforeEach(async () => {
  mirror = await startMirror();
});
afterEach(() => mirror.close());

describe('what the random test found', () => {
  it('counts the open issues after a comparison, not only after the delivery that it began with', async () => {
    const { control } = mirror;
    control.growIssues({ repo, count: 10 });
    control.addDeliveryFault({ kind: 'drop' });
    control.addLabel({ repo, number: 1, label: 'wontfix' });
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});
