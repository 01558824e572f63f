import { describe, expect, it } from '@jest/globals';
import { appliedAfter } from '../../dashboard/screens/deliveries/applied-after.ts';
import { healthSentence } from '../../dashboard/screens/overview/health-sentence.ts';
import { formatBytes, formatDuration, formatHours, formatShort } from '../../dashboard/ui/format.ts';
import { githubPages } from '../../src/api/github-pages.ts';

type Standing = Parameters<typeof healthSentence>[0];
type Freshness = Parameters<typeof healthSentence>[1];

const up = { database: 'up', temporal: 'up', github: 'up' } as const;
const none = { fresh: 0, catching_up: 0, late: 0, needs_you: 0, paused: 0 };

const well: Standing = {
  status: 'healthy',
  dependencies: up,
  webhooks: { pending: 0, oldest_pending_seconds: 0 },
  last_periodic_sync: null,
};

function sentence(health: Partial<Standing>, freshness: Partial<Freshness>) {
  return healthSentence({ ...well, ...health }, { ...none, ...freshness });
}

function away(part: keyof typeof up) {
  return sentence({ dependencies: { ...up, [part]: 'down' } }, { fresh: 1 });
}

describe('the sentence of health', () => {
  it.each([
    [{ fresh: 12 }, 'All 12 repositories match GitHub.'],
    [{ fresh: 1 }, 'The only repository matches GitHub.'],
    [
      { fresh: 2, paused: 1 },
      '2 repositories match GitHub; 1 repository is paused: the App is suspended there.',
    ],
    [
      { fresh: 1, paused: 3 },
      '1 repository matches GitHub; 3 repositories are paused: the App is suspended there.',
    ],
    [{ paused: 3 }, '3 repositories are paused: the App is suspended there.'],
    [{}, 'Installed, but no repositories yet.'],
    [{ fresh: 2, needs_you: 1, late: 4 }, '1 repository needs attention.'],
  ])('counts %j repositories', (freshness, expected) => {
    expect(sentence({}, freshness)).toEqual({ says: expected, advice: null });
  });

  it('names the unavailable dependency, and what to look at', () => {
    expect([away('database').advice, away('temporal').advice, away('github').advice]).toEqual([
      expect.stringContaining('DATABASE_URL'),
      expect.stringContaining('TEMPORAL_ADDRESS'),
      expect.stringContaining('npm run doctor'),
    ]);
  });

  it('gives no estimate while it waits for GitHub', () => {
    const dependencies = { ...up, github: 'limited' } as const;
    expect(sentence({ status: 'degraded', dependencies }, { catching_up: 2 }).says).toBe(
      '2 repositories are catching up; some work is waiting for GitHub’s rate limit.',
    );
  });

  it('does not say that repositories match while deliveries are waiting', () => {
    const told = [59, 60].map((seconds) =>
      sentence({ webhooks: { pending: 1, oldest_pending_seconds: seconds } }, { fresh: 12 }),
    );
    expect(told.map(({ says }) => says)).toEqual([
      'All 12 repositories match GitHub.',
      '1 delivery is waiting to be applied.',
    ]);
  });

  it('names what makes it unhealthy or degraded', () => {
    const webhooks = { pending: 3, oldest_pending_seconds: 5400 };
    expect(sentence({ status: 'unhealthy', webhooks }, { fresh: 1 })).toEqual({
      says: 'Deliveries have been pending for up to 1 h 30 min, and none is being applied.',
      advice: expect.stringContaining('a worker runs'),
    });
    expect(sentence({ status: 'unhealthy' }, { fresh: 1 }).says).toContain('No sweep has completed');
    expect(sentence({ status: 'degraded', webhooks }, { fresh: 1 }).says).toBe(
      '3 deliveries are waiting to be applied.',
    );
    const degraded = sentence({ status: 'degraded', last_periodic_sync: { status: 'failed' } }, { fresh: 1 });
    expect(degraded.says).toBe('The last sweep failed.');
    const partial = sentence({ status: 'degraded', last_periodic_sync: { status: 'partial' } }, { fresh: 1 });
    expect(partial.says).toBe('The last sweep was incomplete.');
    expect(sentence({ status: 'degraded' }, { fresh: 1 }).says).toBe('Something needs attention.');
  });
});

describe('a figure', () => {
  it.each([
    [999.7, '1 s'],
    [59_960, '1 min'],
    [299_700, '5 min'],
    [3_599_600, '1 h'],
    [250_000, '4 min 10 s'],
    [172_800_000, '2 d'],
  ])('shows %d ms as %s', (ms, expected) => expect(formatDuration(ms)).toBe(expected));

  it('is rounded before its unit is chosen', () => {
    expect([formatHours(0.999), formatBytes(999_960), formatShort(999_999.7)]).toEqual(['1 h', '1 MB', '1M']);
  });
});

describe("GitHub's pages", () => {
  it.each([
    ['https://api.github.com', 'https://github.com', 'https://github.com/apps/my-app/installations/new'],
    [
      'https://api.octo.ghe.com',
      'https://octo.ghe.com',
      'https://octo.ghe.com/apps/my-app/installations/new',
    ],
    [
      'https://git.example.com/api/v3/',
      'https://git.example.com',
      'https://git.example.com/github-apps/my-app/installations/new',
    ],
  ])('follow from the address of its API, %s', (api, url, installUrl) => {
    expect(githubPages(api, 'my-app')).toEqual({ url, installUrl });
    expect(githubPages(api)?.installUrl).toBeUndefined();
  });

  it('are unknown for any other base', () => {
    expect(githubPages('http://127.0.0.1:8080', 'my-app')).toBeUndefined();
  });
});

describe('how long a delivery waited', () => {
  const received = { received_at: '2026-01-31T12:00:00.000Z', requeued_at: null, processed_at: null };

  it.each([
    [received, '–'],
    [{ ...received, processed_at: '2026-01-31T12:00:00.250Z' }, '250 ms'],
    // Six days later a person had it applied again.
    [
      {
        ...received,
        requeued_at: '2026-02-06T12:00:00.000Z',
        processed_at: '2026-02-06T12:00:01.500Z',
      },
      '1.5 s',
    ],
  ])('%p: %s', (delivery, words) => expect(appliedAfter(delivery)).toBe(words));
});
