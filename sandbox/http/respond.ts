/** Turning an answer into bytes and headers. */
import { randomBytes } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { Answer, Call } from './call.ts';
import { etagOf, matches } from './etag.ts';
import { inVersion } from './version.ts';

/** What goes over the wire. */
export interface Wire {
  status: number;
  headers: Record<string, string>;
  payload: string;
}

const EXPOSED =
  'ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Used, X-RateLimit-Resource, X-RateLimit-Reset, X-OAuth-Scopes, X-Accepted-OAuth-Scopes, X-Poll-Interval, X-GitHub-Media-Type, X-GitHub-SSO, X-GitHub-Request-Id, Deprecation, Sunset';

/** Those GitHub pretty-prints for, after the ETag was computed. */
const BY_HAND = /^(?:curl|wget)\/|safari|firefox/i;

/** Renders an answer; a GET that matches `If-None-Match` becomes a 304 without body and Link header. */
export function render(answer: Answer, call: Call | null, now: number): Wire {
  const status = answer.status ?? 200;
  const value = inVersion(answer.body, call?.version ?? '2022-11-28');
  const raw = answer.text ?? answer.json ?? (value === undefined ? '' : JSON.stringify(value));
  const headers = { ...standardHeaders(call, now), ...answer.headers };
  if (raw !== '') {
    headers['content-type'] =
      answer.text === undefined ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8';
  }
  if (status === 200 && call !== null && (call.method === 'GET' || call.method === 'HEAD')) {
    const etag = answer.etag ?? etagOf(call.headers, raw);
    headers['etag'] = etag;
    const { lastModified } = answer;
    if (lastModified !== undefined) headers['last-modified'] = new Date(lastModified * 1000).toUTCString();
    if (unchanged(call.headers, etag, lastModified)) {
      const { link: _link, 'content-type': _type, ...kept } = headers;
      return { status: 304, headers: kept, payload: '' };
    }
  }
  const pretty = answer.body !== undefined && BY_HAND.test(call?.headers['user-agent'] ?? '');
  return { status, headers, payload: pretty && raw !== '' ? JSON.stringify(value, null, 2) : raw };
}

/** `If-Modified-Since` counts only without `If-None-Match`, as HTTP has it. */
function unchanged(headers: Call['headers'], etag: string, lastModified: number | undefined): boolean {
  if (headers['if-none-match'] !== undefined) return matches(headers['if-none-match'], etag);
  const since = Date.parse(headers['if-modified-since'] ?? '') / 1000;
  return lastModified !== undefined && lastModified <= since;
}

function standardHeaders(call: Call | null, now: number): Record<string, string> {
  const known = call !== null && call.caller.kind !== 'nobody';
  return {
    server: 'GitHub.com',
    date: new Date(now).toUTCString(),
    'cache-control': `${known ? 'private' : 'public'}, max-age=60, s-maxage=60`,
    vary: `Accept, ${known ? 'Authorization, Cookie, X-GitHub-OTP,' : ''}Accept-Encoding, Accept, X-Requested-With`,
    'access-control-expose-headers': EXPOSED,
    'access-control-allow-origin': '*',
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': call?.version ?? '2022-11-28',
    'x-github-request-id': randomBytes(12).toString('hex').toUpperCase(),
  };
}

/** Sends it whole. */
export function send(reply: FastifyReply, wire: Wire): FastifyReply {
  return reply
    .code(wire.status)
    .headers(wire.headers)
    .send(wire.payload === '' ? undefined : wire.payload);
}
