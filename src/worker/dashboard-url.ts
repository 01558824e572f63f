/**
 * The public address of the dashboard, which the API serves beside the webhook, or null where nobody knows it: the
 * webhook of a relay (smee.io) is no address of ours.
 *
 * @param webhookUrl `GITHUB_WEBHOOK_URL`
 */
export function dashboardUrl(webhookUrl: string | undefined): string | null {
  const found = webhookUrl === undefined ? null : /^(.+)\/api\/github\/webhook\/?$/.exec(webhookUrl);
  return found?.[1] ?? null;
}
