import { createHmac, timingSafeEqual } from 'node:crypto';

const PREFIX = 'sha256=';
const DIGEST_BYTES = 32;

/**
 * Whether `X-Hub-Signature-256` was made over exactly these bytes with one of the secrets (several while one
 * is being rotated). All are tried, in constant time. Not through @octokit/webhooks-methods, which takes text:
 * bytes that are no UTF-8 would be other bytes after the way through a string.
 */
export function isSignedBy(secrets: readonly string[], body: Buffer, header: string | undefined): boolean {
  if (!header?.startsWith(PREFIX)) return false;
  const given = Buffer.from(header.slice(PREFIX.length), 'hex');
  if (given.length !== DIGEST_BYTES || header.length !== PREFIX.length + 2 * DIGEST_BYTES) return false;
  let matched = false;
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(body).digest();
    matched = timingSafeEqual(given, expected) || matched;
  }
  return matched;
}
