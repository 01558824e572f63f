import { z } from 'zod';
import { id, time } from '../entities/fields.ts';
import { read } from './answers.ts';
import type { GitHub } from './client.ts';
import { readEach } from './pages/unreadable.ts';

const names = z
  .record(z.string(), z.string())
  .nullish()
  .transform((given) => given ?? {});

const appAnswer = z.object({
  id,
  slug: z.string().nullish(),
  name: z.string().nullish(),
  client_id: z.string().nullish(),
  html_url: z.string().nullish(),
  permissions: names,
  events: z
    .array(z.string())
    .nullish()
    .transform((list) => list ?? []),
});

/** The App as its settings page at GitHub shows it. */
export type AppSettings = z.output<typeof appAnswer>;

/**
 * The App that these credentials belong to, or null if GitHub knows none with this id.
 *
 * @throws SyncError BAD_CREDENTIALS, GITHUB_UNAVAILABLE, …
 */
export async function getApp(github: GitHub): Promise<AppSettings | null> {
  const answer = await github.app.get('/app', [404]);
  return answer.status === 404 ? null : read(appAnswer, answer.data, 'app');
}

const hookAnswer = z.object({
  url: z.string().nullish(),
  content_type: z.string().nullish(),
  /** shown as asterisks if there is one */
  secret: z.string().nullish(),
  insecure_ssl: z.union([z.string(), z.number()]).nullish(),
});

/** The App's one webhook; GitHub never shows its secret. */
export interface HookSettings {
  url: string | null;
  contentType: string | null;
  hasSecret: boolean;
  /** whether GitHub skips verifying the address's certificate */
  insecure: boolean;
}

export async function getHook(github: GitHub): Promise<HookSettings> {
  const answer = await github.app.get('/app/hook/config', [404]);
  if (answer.status === 404) return { url: null, contentType: null, hasSecret: false, insecure: false };
  const hook = read(hookAnswer, answer.data, 'hook config');
  return {
    url: hook.url || null,
    contentType: hook.content_type ?? null,
    hasSecret: Boolean(hook.secret),
    insecure: String(hook.insecure_ssl ?? 0) === '1',
  };
}

/** Changes the App's webhook at GitHub; omitted settings stay unchanged. */
export async function setHook(github: GitHub, changes: { url?: string; secret?: string }): Promise<void> {
  await github.app.patch('/app/hook/config', { ...changes, content_type: 'json', insecure_ssl: '0' });
}

const attempt = z.object({
  // 63-bit ids: Octokit returns a bigint if a number would lose digits.
  id: z.union([z.number(), z.bigint(), z.string()]).transform(String),
  delivered_at: time,
  status_code: z.number().catch(0),
  status: z.string().catch(''),
  event: z.string().catch('?'),
  action: z.string().nullish().catch(null),
});

/** An attempt to deliver a webhook, with the status of its answer; 0 if there was none. */
export type DeliveryAttempt = z.output<typeof attempt>;

/** The latest attempts in the App's delivery log, newest first; null if this GitHub has no log. */
export async function newestAttempts(github: GitHub, count: number): Promise<DeliveryAttempt[] | null> {
  const answer = await github.app.get(`/app/hook/deliveries?per_page=${count}`, [404, 422]);
  if (answer.status !== 200) return null;
  return readEach(attempt, answer.data, 'hook deliveries').items;
}

/** Asks GitHub to redeliver a delivery from the log. */
export async function redeliver(github: GitHub, deliveryId: string): Promise<void> {
  await github.app.post(`/app/hook/deliveries/${deliveryId}/attempts`, [404, 422]);
}
