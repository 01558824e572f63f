import type { Config } from '../../config.ts';
import type { HookSettings } from '../../github/app-settings.ts';
import { NO_WEBHOOK } from '../manifest.ts';
import { isSameAddress, plainAddress } from '../webhook-address.ts';
import { fault, ok, warning, type Finding } from '../finding.ts';

const FIX = 'npm run doctor -- --fix';

type WebhookConfig = Pick<Config, 'GITHUB_WEBHOOK_URL' | 'SYNC_DELIVERY_LOG_INTERVAL'>;

/** The App's one webhook at GitHub, compared with our settings. */
export function checkWebhook(hook: HookSettings, config: WebhookConfig): Finding[] {
  const own = config.GITHUB_WEBHOOK_URL;
  if (hook.url === null) {
    return [
      fault('webhook URL', {
        message: 'the App has no webhook.',
        why: 'GitHub sends no deliveries, and changes are only seen by the next sweep.',
        advice:
          own === undefined
            ? `Set GITHUB_WEBHOOK_URL, then: ${FIX} (and tick "Active" beside the webhook on the App's settings page).`
            : `${FIX} (and tick "Active" beside the webhook on the App's settings page).`,
      }),
    ];
  }
  const findings = [addressFinding(hook.url, config)];
  findings.push(
    hook.hasSecret
      ? ok('webhook secret', 'GitHub signs with one; its deliveries show whether it is ours')
      : fault('webhook secret', {
          message: "the App's webhook has no secret.",
          why: 'Unsigned deliveries are rejected (401).',
          advice: `${FIX} sets it from GITHUB_WEBHOOK_SECRET.`,
        }),
  );
  if (hook.insecure) {
    findings.push(
      warning('webhook TLS', {
        message: 'GitHub does not verify the certificate of the webhook URL.',
        why: 'Payloads can be read in transit.',
        advice: `${FIX} turns verification on.`,
      }),
    );
  }
  return findings;
}

function addressFinding(theirs: string, config: WebhookConfig): Finding {
  const own = config.GITHUB_WEBHOOK_URL;
  const there = plainAddress(theirs);
  if (own === undefined && isSameAddress(theirs, NO_WEBHOOK)) {
    if (config.SYNC_DELIVERY_LOG_INTERVAL !== undefined)
      return ok(
        'webhook URL',
        `${there}, where nobody answers; deliveries are read from the App's delivery log`,
      );
    return fault('webhook URL', {
      message: `GitHub delivers to ${there}, where nobody answers.`,
      why: 'Changes are only seen by the next sweep.',
      advice: `Set SYNC_DELIVERY_LOG_INTERVAL=10s, or set GITHUB_WEBHOOK_URL to a public address, then: ${FIX}.`,
    });
  }
  if (own === undefined)
    return ok('webhook URL', `${there} (GITHUB_WEBHOOK_URL is not set to compare it with)`);
  if (isSameAddress(theirs, own)) return ok('webhook URL', there);
  return fault('webhook URL', {
    message: `GitHub delivers to ${there}, but GITHUB_WEBHOOK_URL is ${plainAddress(own)}.`,
    why: 'Deliveries go elsewhere, and changes are only seen by the next sweep.',
    advice: `Correct GITHUB_WEBHOOK_URL, or set GitHub's with: ${FIX}.`,
  });
}
