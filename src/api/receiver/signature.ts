import { createHmac, timingSafeEqual } from 'node:crypto';

const PREFIX = 'sha256=';

/** Whether `X-Hub-Signature-256` looks like one at all: `sha256=` and 64 hexadecimal digits. */
export function isSignature(header: string | undefined): header is string {
  return header !== undefined && /^sha256=[0-9a-f]{64}$/i.test(header);
}

/**
 * Whether `X-Hub-Signature-256` was made over exactly these bytes with one of the secrets (several while one
 * is being rotated). All are tried, in constant time. Not through @octokit/webhooks-methods, which takes text:
 * bytes that are no UTF-8 would be other bytes after the way through a string.
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
