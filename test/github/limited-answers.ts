import type { LimitAnswer } from '../../src/github/session/rate-limit-headers.ts';

/** GitHub's clock in these tests, and ours unless a test says otherwise. */
export const NOW = Date.parse('2026-01-01T00:00:00Z');

export function headers(remaining: number, resetIn: number): Record<string, string> {
  return {
    date: new Date(NOW).toUTCString(),
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(NOW / 1000 + resetIn),
    'x-ratelimit-resource': 'core',
  };
}

export function answer(
  status: number,
  more: Record<string, string>,
  message = '',
  graphqlErrorTypes: string[] = [],
): LimitAnswer {
  return { status, headers: more, message, graphqlErrorTypes };
}
