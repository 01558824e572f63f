import type { DeliveryAttempt } from '../../github/app-settings.ts';
import { fault, ok, type Finding } from '../finding.ts';

/**
 * How GitHub's latest deliveries were answered, from the App's delivery log; null: this GitHub has none.
 *
 * @param logMs how often deliveries are read from that log; undefined: they arrive as webhooks
 */
export function checkDeliveries(
  attempts: readonly DeliveryAttempt[] | null,
  logMs: number | undefined,
): Finding[] {
  if (attempts === null) return [withoutLog(logMs)];
  const [newest] = attempts;
  if (newest === undefined) return [ok('deliveries', "none in the App's delivery log")];
  const failed = attempts.filter((attempt) => !isAnswered(attempt)).length;
  const what = `${newest.event}${newest.action ? `.${newest.action}` : ''} at ${newest.delivered_at}`;
  if (isAnswered(newest)) {
    const others =
      failed > 0
        ? `; ${failed} of the latest ${attempts.length} failed; a sweep recovers those from the delivery log`
        : '';
    return [ok('deliveries', `the latest (${what}) was answered ${newest.status_code}${others}`)];
  }
  const answer = newest.status_code === 0 ? `no answer (${newest.status})` : `answered ${newest.status_code}`;
  if (logMs !== undefined) {
    const way = `read from the App's delivery log every ${logMs / 1000} s`;
    return [ok('deliveries', `${way}; no webhook needs to arrive (the latest, ${what}: ${answer})`)];
  }
  return [
    fault('deliveries', {
      message: `the latest (${what}): ${answer}; ${failed} of ${attempts.length} failed.`,
      why: 'Changes are only seen by the next sweep.',
      advice: adviceFor(newest.status_code),
    }),
  ];
}

function withoutLog(logMs: number | undefined): Finding {
  if (logMs === undefined) return ok('deliveries', 'this GitHub has no delivery log');
  return fault('deliveries', {
    message: 'this GitHub has no delivery log.',
    why: 'SYNC_DELIVERY_LOG_INTERVAL has nothing to read.',
    advice: 'Let webhooks reach the API (GITHUB_WEBHOOK_URL), and remove SYNC_DELIVERY_LOG_INTERVAL.',
  });
}

function isAnswered({ status_code: status }: DeliveryAttempt): boolean {
  return status >= 200 && status < 300;
}

function adviceFor(status: number): string {
  if (status === 401)
    return 'The secrets differ: npm run doctor -- --fix sets GITHUB_WEBHOOK_SECRET at GitHub. Or something in between rewrites the body.';
  if (status === 404 || status === 405)
    return 'Something else answers there: the webhook URL must end in /api/github/webhook/.';
  if (status === 503 || status === 500) return "See the API's log; its database may be unavailable.";
  if (status >= 300 && status < 400)
    return 'GitHub does not follow redirects: set the webhook URL to the final address (https).';
  if (status === 0 || status >= 502)
    return 'Check that the API runs and the address is public, and check the proxy or tunnel in front of it.';
  return "See the answer on the App's settings page (Advanced → Recent Deliveries).";
}
