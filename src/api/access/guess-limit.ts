import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { SyncError } from '../../errors.ts';

/** Different wrong tokens from one address within a minute. Repeating the same one is just a wrong setting. */
const GUESSES = 20;
const WINDOW_MS = 60_000;
/** How many addresses to remember; the oldest is dropped first. */
const ADDRESSES = 10_000;

export interface GuessLimit {
  /** The error for an address that has guessed too often, else null. */
  refusal: (request: FastifyRequest) => SyncError | null;
  record: (request: FastifyRequest, wrong: string) => void;
}

/**
 * Slows down token guessing: after too many different wrong tokens an address is refused until its minute is
 * over. Behind a proxy this is the address that the proxy saw.
 */
export function createGuessLimit(now: () => number = Date.now): GuessLimit {
  const guesses = new Map<string, { until: number; wrong: Set<string> }>();

  function current(request: FastifyRequest) {
    const address = addressOf(request);
    const known = guesses.get(address);
    if (known !== undefined && known.until > now()) return known;
    guesses.delete(address);
    return undefined;
  }

  return {
    refusal: (request) =>
      (current(request)?.wrong.size ?? 0) < GUESSES
        ? null
        : new SyncError('TOO_MANY_ATTEMPTS', 'too many wrong tokens from this address'),
    record(request, token) {
      let known = current(request);
      if (known === undefined) {
        const [oldest] = guesses.keys();
        if (guesses.size >= ADDRESSES && oldest !== undefined) guesses.delete(oldest);
        known = { until: now() + WINDOW_MS, wrong: new Set() };
        guesses.set(addressOf(request), known);
      }
      known.wrong.add(createHash('sha256').update(token).digest('base64url'));
    },
  };
}

/**
 * The last entry of `X-Forwarded-For` was added by the proxy: those before it are whatever the client wrote.
 */
function addressOf(request: FastifyRequest): string {
  const peer = request.socket.remoteAddress ?? '';
  const forwarded = request.headers['x-forwarded-for'];
  if (typeof forwarded !== 'string' || !isPrivate(peer)) return peer;
  return forwarded.split(',').at(-1)?.trim().slice(0, 64) ?? peer;
}

function isPrivate(address: string): boolean {
  return /^(::ffff:)?(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)|^::1$|^f[cd]/i.test(address);
}
