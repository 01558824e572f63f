import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHarness, type Harness } from './harness.ts';

let github: Harness;

beforeAll(async () => {
  github = await startHarness();
});

afterAll(() => github.close());

describe('primary limits', () => {
  it('are shown in headers, and refuse requests in both spellings until the reset', async () => {
    const { control } = github.sandbox;
    const installationId = github.installation.id;
    await github.get('/repos/acme/app');
    control.setRateLimit({ installationId, remaining: 1, resetIn: 4 });
    const last = await github.get('/repos/acme/app');
    expect([last.status, last.headers.get('x-ratelimit-remaining')]).toEqual([200, '0']);
    const refused = await github.get('/repos/acme/app');
    expect([refused.status, refused.body.message]).toEqual([
      403,
      `API rate limit exceeded for installation ID ${installationId}.`,
    ]);
    control.limitSettings({ primaryStatus: 429 });
    expect((await github.get('/repos/acme/app')).status).toBe(429);
    expect((await github.get('/rate_limit')).body.resources.core.remaining).toBe(0);
    expect(control.stats().limited).toBe(2);
    await new Promise((resolve) => setTimeout(resolve, 5100));
    expect((await github.get('/repos/acme/app')).status).toBe(200);
    control.limitSettings({ primaryStatus: 403 });
  });

  it('grow with the number of repositories', async () => {
    const { control } = github.sandbox;
    control.growRepositories({ owner: 'acme', count: 29, commits: 0 });
    const { headers } = await github.get('/repos/acme/app');
    expect(headers.get('x-ratelimit-limit')).toBe('5500');
    expect(headers.get('x-ratelimit-resource')).toBe('core');
  });

  it('do not count the creation of tokens', async () => {
    const used = async () => Number((await github.asApp('/app')).headers.get('x-ratelimit-used'));
    const before = await used();
    await github.asApp(`/app/installations/${github.installation.id}/access_tokens`, 'POST');
    expect(await used()).toBe(before + 1);
  });
});

describe('secondary limits', () => {
  it('apply above 900 points per minute and endpoint, with Retry-After', async () => {
    let refused = await github.get('/meta');
    for (let at = 0; at < 900 && refused.status === 200; at += 1) refused = await github.get('/meta');
    expect(refused.status).toBe(403);
    expect(refused.body.message).toContain('secondary rate limit');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await github.get('/repos/acme/app')).status).toBe(200);
    github.sandbox.control.limitSettings({ secondary: false });
    expect((await github.get('/meta')).status).toBe(200);
  });
});
