import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { standBetween, type Between } from '../support/between.ts';
import { startMirror, type Mirror } from '../support/mirror.ts';
import { differencesFromGitHub } from '../support/mirror-differences.ts';

const repo = 'acme/app';
let between: Between;
let mirror: Mirror;
let control: Mirror['control'];
let id: number;

beforeEach(async () => {
  between = await standBetween();
  mirror = await startMirror({ between });
  ({ control, installationId: id } = mirror);
});
afterEach(() => mirror.close());

const without = { metadata: 'read', contents: 'read', issues: 'read' };

async function marked() {
  const tables = ['branches', 'issues', 'pull_requests', 'tags', 'pull_request_reviews'];
  const counts = tables.map((table) => `select 1 from ${table} where deleted_at is not null`);
  return mirror.rows(counts.join(' union all '));
}

function errors() {
  return mirror.rows(`select split_part(sync_error, ':', 1) as code from repositories`);
}

describe('a permission', () => {
  it('is used at once when granted after the token was created', async () => {
    await mirror.close();
    mirror = await startMirror({ imported: false });
    ({ control, installationId: id } = mirror);
    control.changePermissions({ id, permissions: without });
    await mirror.sweep();
    expect(await errors()).toEqual([{ code: 'PERMISSION_MISSING' }]);
    control.openPull({ repo, head: 'later' });
    control.changePermissions({ id, permissions: { ...without, pull_requests: 'read' } });
    await mirror.work();
    expect(await mirror.rows(`select 1 as found from pull_requests where head_ref = 'later'`)).toEqual([
      { found: 1 },
    ]);
    await mirror.sweep();
    expect(await errors()).toEqual([{ code: null }]);
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});

describe('a permission that is withdrawn', () => {
  const granted = { metadata: 'read', contents: 'read', issues: 'read', pull_requests: 'read' };
  const needs = {
    contents: () => control.pushTags({ repo, tags: { v9: 'main' } }),
    issues: () => control.editIssue({ repo, number: 1, title: 'Now' }),
    pull_requests: () => control.review({ repo, number: 3, state: 'approved' }),
  };

  it.each(Object.entries(needs))('in the middle of a round is reported: %s', async (permission, change) => {
    control.addDeliveryFault({ kind: 'lose' });
    change();
    const { [permission]: _gone, ...left }: Record<string, string> = granted;
    // GitHub announces no change of an App's own permissions, and the token at hand has lost it as well.
    control.changePermissions({ id, permissions: left });
    control.revokeTokens({ id });
    const outcome = await mirror.sync(1_060_000_001);
    const error = 'error' in outcome ? outcome.error : null;
    // Without issues their list still shows the pull requests.
    expect(error?.code).toBe(permission === 'issues' ? undefined : 'PERMISSION_MISSING');
    expect(await marked()).toEqual([]);
    await mirror.sweep();
    expect(await errors()).toEqual([{ code: 'PERMISSION_MISSING' }]);
    expect(await marked()).toEqual([]);
    control.changePermissions({ id, permissions: granted });
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});

describe('a transient refusal', () => {
  it.each([
    'Maximum number of login attempts exceeded. Please try again later.',
    'Resource not accessible by integration',
    'Forbidden',
  ])('is repeated before it is believed: %s', async (message) => {
    control.addFault({ action: { kind: 'status', status: 403, message }, match: '/repositories/', times: 3 });
    control.push({ repo, commits: 2 });
    await mirror.work();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    expect(await mirror.rows(`select status, error from webhook_deliveries where event = 'push'`)).toEqual([
      { status: 'processed', error: null },
    ]);
  });

  it('belongs to the installation when an IP allow list causes it, and ends no delivery', async () => {
    const message =
      'Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.';
    const fault = control.addFault({ action: { kind: 'status', status: 403, message }, installationId: id });
    await expect(mirror.sweep()).rejects.toMatchObject({ code: 'IP_NOT_ALLOWED' });
    control.removeFault({ id: fault.id });
    await mirror.sweep();
    expect(await errors()).toEqual([{ code: null }]);
  });

  it('blocks nothing if it shows the rate limit of other credentials', async () => {
    control.addFault({
      action: { kind: 'bad-credentials', remaining: 0, resetIn: 3000 },
      match: '/repositories/',
      times: 3,
    });
    control.push({ repo, commits: 2 });
    await mirror.work();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
    expect(
      await mirror.rows('select 1 from rate_limits where blocked_until > now() or "limit" = 60'),
    ).toEqual([]);
  });
});

describe('a GitHub that calls itself by another name', () => {
  it('is requested only at the configured address', async () => {
    between.alter = (answer) => {
      const { link } = answer.headers;
      if (link !== undefined)
        answer.headers['link'] = link.replaceAll(between.url, 'http://inner:8080/api/v3');
    };
    control.growIssues({ repo, count: 230 });
    control.growRepositories({ owner: 'acme', count: 101, commits: 0 });
    await mirror.sweep();
    expect(await differencesFromGitHub(mirror)).toEqual([]);
  });
});
