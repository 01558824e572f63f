/** ETags by the algorithm observed at GitHub. Source: bored-engineer/github-conditional-http-transport. */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** SHA-256 over the Accept, Authorization and Cookie headers (each followed by a colon) and the raw body, quoted. */
export function etagOf(headers: IncomingHttpHeaders, body: string): string {
  const hash = createHash('sha256');
  // Without credentials the answer varies by Accept only.
  const varying =
    headers.authorization === undefined
      ? [headers.accept]
      : [headers.accept, headers.authorization, headers.cookie];
  for (const value of varying) {
    if (value !== undefined) hash.update(`${value}:`);
  }
  return `"${hash.update(body).digest('hex')}"`;
}

/** Whether `If-None-Match` names the ETag; a weak form counts. */
export function matches(header: string | undefined, etag: string): boolean {
  const named = (header ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  return named.includes(etag) || named.includes('*');
}
