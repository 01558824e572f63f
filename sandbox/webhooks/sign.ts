/** Headers of a delivery. */
import { createHmac } from 'node:crypto';
import type { GitHubApp } from '../world/types.ts';

/** All headers GitHub sends with a body, signatures (SHA-256 and the old SHA-1) included when the hook has a secret. */
export function deliveryHeaders(
  app: GitHubApp,
  event: string,
  guid: string,
  body: string,
): Record<string, string> {
  const { secret } = app.hook;
  const sign = (algorithm: string) =>
    `${algorithm}=${createHmac(algorithm, secret ?? '')
      .update(body)
      .digest('hex')}`;
  return {
    accept: '*/*',
    'content-type':
      app.hook.contentType === 'form' ? 'application/x-www-form-urlencoded' : 'application/json',
    'user-agent': 'GitHub-Hookshot/sandbox',
    'x-github-delivery': guid,
    'x-github-event': event,
    'x-github-hook-id': String(app.hook.id),
    'x-github-hook-installation-target-id': String(app.id),
    'x-github-hook-installation-target-type': 'integration',
    ...(secret !== null && { 'x-hub-signature': sign('sha1'), 'x-hub-signature-256': sign('sha256') }),
  };
}
