/** The manifest flow: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { events } from '../../sandbox/resources/events.ts';
import { readManifest } from '../../sandbox/web/manifest.ts';
import { formIn, submit } from '../scenarios/browse.ts';
import { readEventPermissions } from './openapi.ts';
import { startHarness, type Harness } from './harness.ts';

const manifest = {
  name: 'A mirror',
  url: 'https://mirror.example.com',
  redirect_url: 'http://127.0.0.1:9/setup/done',
  hook_attributes: { url: 'https://no-webhook.invalid/' },
  default_permissions: { issues: 'read' },
  default_events: ['issues', 'label'],
};

let github: Harness;
beforeAll(async () => {
  github = await startHarness();
});
afterAll(() => github.close());

function post(given: unknown, path = '/settings/apps/new?state=s'): Promise<Response> {
  const { address } = github.sandbox;
  return submit(address, { action: path, fields: { manifest: JSON.stringify(given) } }, {});
}

it.each([
  [{ ...manifest, url: undefined }, 'url'],
  [{ ...manifest, hook_attributes: { url: 'http://localhost:8000/' } }, 'over the public Internet'],
  [{ ...manifest, default_events: ['push'] }, 'not supported by permissions: push'],
  [{ ...manifest, default_events: ['shove'] }, 'unsupported: shove'],
  [{ ...manifest, default_permissions: { issues: 'look' } }, 'default_permissions.issues'],
])('rejects a manifest that GitHub rejects, with the reason', async (given, words) => {
  const answer = await post(given);
  expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining(words)]);
});

describe('a manifest with one event', () => {
  const byGitHub = readEventPermissions();
  const told = [...events.keys()].filter((event) => byGitHub.has(event));
  const permissions = [...new Set([...byGitHub.values()].flat())];

  it.each(told)('is refused for %s without a permission that GitHub names', (event) => {
    const accepting = permissions.filter((permission) => {
      const default_permissions = { [permission]: 'read' };
      const read = readManifest(
        JSON.stringify({ ...manifest, default_permissions, default_events: [event] }),
      );
      return 'manifest' in read;
    });
    const needed = byGitHub.get(event) ?? [];
    expect(accepting).toEqual(needed.includes('metadata') ? permissions : needed);
  });
});

it('has no page for an organization that does not exist', async () => {
  expect((await post(manifest, '/organizations/nobody/settings/apps/new')).status).toBe(404);
});

it('creates the App once its name is confirmed, and shows its credentials once', async () => {
  const { address, url, world } = github.sandbox;
  const form = formIn(
    await (await post(manifest, '/organizations/acme/settings/apps/new?state=s')).text(),
    'acme',
  );
  const back = await submit(address, form, { name: 'Our mirror' });
  expect(back.status).toBe(302);
  const { searchParams } = new URL(back.headers.get('location') ?? '');
  expect(searchParams.get('state')).toBe('s');
  const convert = () =>
    fetch(`${url}/app-manifests/${searchParams.get('code')}/conversions`, { method: 'POST' });
  const first = await convert();
  expect(first.status).toBe(201);
  expect(await first.json()).toMatchObject({
    id: world.state.app.id,
    slug: 'our-mirror',
    owner: { login: 'acme' },
    permissions: { issues: 'read', metadata: 'read' },
    events: ['issues', 'label'],
    pem: expect.stringContaining('BEGIN RSA PRIVATE KEY'),
    webhook_secret: expect.any(String),
    client_secret: expect.any(String),
  });
  expect((await convert()).status).toBe(404);
});
