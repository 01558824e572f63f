import { sql } from 'kysely';
import { addInstallation, addRepository } from '../api/rows.ts';
import { startTestApi, type TestApi } from '../api/support.ts';
import { launchBrowser, openScreen, type Screen } from './browser.ts';
import type { BrowserContextOptions } from 'playwright-core';

/** What the API of `startDashboard` asks for. */
export const TOKEN = 'a-token-of-at-least-16';

/** Names as strangers give them. */
export const odd = ['<script>document.title = "taken"</script>', '🚀 rocket', 'مستودع'] as const;

export interface TestDashboard {
  api: TestApi;
  url: string;
  /** A window of a person who was never here before. */
  open: (options?: BrowserContextOptions) => Promise<Screen>;
  /** A window of a person who has given the token. */
  signedIn: () => Promise<Screen>;
  closeWindows: () => Promise<unknown>;
  close: () => Promise<void>;
}

/** An API that mirrors one installation of 10,000 repositories, and a browser. */
export async function startDashboard(): Promise<TestDashboard> {
  const [api, browser] = await Promise.all([
    startTestApi({ settings: { token: TOKEN, deliveryLogMs: 10_000 } }),
    launchBrowser(),
  ]);
  const url = await api.app.listen({ port: 0, host: '127.0.0.1' });
  await addInstallation(api.db, 7);
  await addRepository(api.db, 1, { status: 'error' });
  await sql`update repositories set description = ${odd.join(' ')}, topics = ${[...odd]},
    sync_error = 'PERMISSION_MISSING: the App may not read issues of this installation'`.execute(api.db);
  await sql`insert into system_state (name, value) values ('temporal', '{"reachable": true}')`.execute(
    api.db,
  );
  await sql`insert into branches (repository_id, name, head_sha) select 1, name, repeat('a', 40)
    from unnest(${[...odd]}::text[]) name`.execute(api.db);
  await sql`insert into repositories (id, node_id, installation_id, owner_login, name, full_name, private, visibility,
      archived, disabled, fork, default_branch, created_at, updated_at, sync_status, last_synced_at)
    select n, n::text, 7, 'octo', 'many-' || n, 'octo/many-' || n, false, 'public', false, false, false, 'main', now(),
      now(), 'fresh', now() from generate_series(100, 10098) n`.execute(api.db);
  const open = (options?: BrowserContextOptions) => openScreen(browser, url, options);
  return {
    api,
    url,
    open,
    signedIn: async () => {
      const screen = await open();
      await screen.page.request.post('/api/login/', { data: { token: TOKEN } });
      return screen;
    },
    closeWindows: () => Promise.all(browser.contexts().map((context) => context.close())),
    close: async () => {
      await browser.close();
      await api.close();
    },
  };
}
