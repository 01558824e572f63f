import { createHmac, timingSafeEqual } from 'node:crypto';

const PREFIX = 'sha256=';

/** Whether `X-Hub-Signature-256` has the form of a signature: `sha256=` and 64 hexadecimal digits. */
export function isSignature(header: string | undefined): header is string {
  return header !== undefined && /^sha256=[0-9a-f]{64}$/i.test(header);
}

/**
 * Whether `X-Hub-Signature-256` was computed over exactly these bytes with one of the secrets (several during a
 * rotation). All are tried, in constant time. Not done by @octokit/webhooks-methods, which takes text: bytes
 * that are not UTF-8 would change on the way through a string.
 */
export function isSignedBy(
  secrets: readonly string[],
  chunks: readonly Buffer[],
  header: string | undefined,
): boolean {
  if (!isSignature(header)) return false;
  const given = Buffer.from(header.slice(PREFIX.length), 'hex');
  let matched = false;
  for (const secret of secrets) {
    const digest = createHmac('sha256', secret);
    for (const chunk of chunks) digest.update(chunk);
    matched = timingSafeEqual(given, digest.digest()) || matched;
  }
  return matched;
}
