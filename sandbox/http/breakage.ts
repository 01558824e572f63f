/** Breaking requests and answers as a fault rule says. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FaultAction } from '../faults/faults.ts';
import { HttpError } from './http-error.ts';
import type { Wire } from './respond.ts';
import { secondaryError } from './secondary-limits.ts';

const MESSAGES: Record<number, string> = {
  500: 'Server Error',
  502: 'Server Error',
  503: 'Service Unavailable',
  504: "We couldn't respond to your request in time. Sorry about that. Please try resubmitting your request and contact us if the problem persists.",
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
};

/**
 * Faults that come before the answer. True when the connection is gone (nothing more to send). Throws HttpError for a failure that
 * is an answer.
 */
export async function breakBefore(
  actions: FaultAction[],
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<boolean> {
  for (const action of actions) {
    if (action.kind === 'bad-credentials') throw badCredentials(action);
    if (action.kind === 'latency') await sleep(action.ms);
    if (action.kind === 'hang' || action.kind === 'reset') {
      reply.hijack();
      if (action.kind === 'reset') request.raw.socket.resetAndDestroy();
      return true;
    }
    const error = failure(action);
    if (error) throw error;
  }
  return false;
}

function failure(action: FaultAction): HttpError | null {
  if (action.kind === 'page-too-large' || action.kind === 'too-many-counts')
    return new HttpError(502, 'Server Error');
  if (action.kind === 'secondary') return secondaryError(action.retryAfter ?? null, action.status ?? 403);
  if (action.kind !== 'status') return null;
  const headers: Record<string, string> =
    action.retryAfter === undefined ? {} : { 'retry-after': String(action.retryAfter) };
  const message = action.message ?? MESSAGES[action.status] ?? 'Server Error';
  return new HttpError(action.status, message, {}, headers);
}

/** Sends the anonymous caller's rate limit, as GitHub does with a token that it does not recognise. */
function badCredentials({ remaining = 0, resetIn = 3000 }: BadCredentials): HttpError {
  const reset = String(Math.ceil(Date.now() / 1000) + resetIn);
  const told = {
    'x-ratelimit-limit': '60',
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': reset,
  };
  return new HttpError(401, 'Bad credentials', {}, { ...told, 'x-ratelimit-used': String(60 - remaining) });
}

type BadCredentials = Extract<FaultAction, { kind: 'bad-credentials' }>;

/** The answer without the headers that faults take from it. */
export function withoutHeaders(actions: FaultAction[], wire: Wire): Wire {
  const omitted = new Set(actions.flatMap((one) => (one.kind === 'omit-headers' ? one.names : [])));
  if (omitted.size === 0) return wire;
  const kept = Object.entries(wire.headers).filter(([name]) => !omitted.has(name.toLowerCase()));
  return { ...wire, headers: Object.fromEntries(kept) };
}

/** Faults of the answer itself: cut off in the middle, or full of noise. True when it was sent that way. */
export function breakAnswer(actions: FaultAction[], reply: FastifyReply, wire: Wire): boolean {
  const kind = actions.find((one) => one.kind === 'truncate' || one.kind === 'garble')?.kind;
  if (kind === undefined || wire.payload === '') return false;
  const half = wire.payload.slice(0, Math.floor(wire.payload.length / 2));
  reply.hijack();
  const length = kind === 'truncate' ? Buffer.byteLength(wire.payload) : Buffer.byteLength(`${half}\0<html>`);
  reply.raw.writeHead(wire.status, { ...wire.headers, 'content-length': length });
  if (kind === 'garble') reply.raw.end(`${half}\0<html>`);
  else reply.raw.write(half, () => reply.raw.destroy());
  return true;
}
