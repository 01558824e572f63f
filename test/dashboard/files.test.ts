import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../api/support.ts';

const TOKEN = 'a-token-of-at-least-16';

let api: TestApi;
let url: string;
beforeAll(async () => {
  api = await startTestApi({ settings: { token: TOKEN } });
  url = await api.app.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => api.close());

describe('the files of the dashboard', () => {
  it('need no token, and are cached permanently under names that contain their hash', async () => {
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const [script = ''] = /\/assets\/index-[^"]+\.js/.exec(await page.text()) ?? [];
    const asset = await fetch(url + script);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-encoding')).toBe('gzip');
    for (const prefix of ['', 'W/']) {
      const again = await fetch(url + script, {
        headers: { 'if-none-match': `${prefix}${asset.headers.get('etag')}` },
      });
      expect(again.status).toBe(304);
    }
  });

  it.each([
    ['gzip', 'gzip'],
    ['deflate, GZIP;q=0.5', 'gzip'],
    ['br, gzip;q=0', null],
    ['gzip; q=0.00', null],
    ['gzipped', null],
    ['identity', null],
  ])('are compressed for "%s" as %s', async (accepted, encoding) => {
    const page = await fetch(url, { headers: { 'accept-encoding': accepted } });
    expect([page.status, page.headers.get('content-encoding')]).toEqual([200, encoding]);
  });

  it('allow the page to load only what the API serves', async () => {
    const page = await fetch(`${url}/jobs?status=failed`);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(await page.text()).not.toMatch(/https?:|<style|<script>|style=/);
  });

  it('have at most 200 kB of compressed JavaScript for all screens', () => {
    const folder = new URL('../../.build/dashboard/assets/', import.meta.url);
    const scripts = readdirSync(folder).filter((name) => name.endsWith('.js'));
    const bytes = scripts.map((name) => gzipSync(readFileSync(new URL(name, folder))).length);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000);
  });

  it('answer an unknown address with a page that says so, and for a script with JSON', async () => {
    const authorization = `Bearer ${TOKEN}`;
    const page = await fetch(`${url}/no/such`, { headers: { accept: 'text/html', authorization } });
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    const json = await fetch(`${url}/no/such`, { headers: { authorization } });
    expect([json.status, json.headers.get('content-type')]).toEqual([404, 'application/json; charset=utf-8']);
  });
});
