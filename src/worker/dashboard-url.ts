/**
 * The public address of the dashboard, which the API serves beside the webhook, or null if unknown: the address
 * of a relay (smee.io) is not ours.
 *
 * @param webhookUrl `GITHUB_WEBHOOK_URL`
 */
export function dashboardUrl(webhookUrl: string | undefined): string | null {
  const found = webhookUrl === undefined ? null : /^(.+)\/api\/github\/webhook\/?$/.exec(webhookUrl);
  return found?.[1] ?? null;
}
