import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Info } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger, type LogEntry } from '@temporalio/worker';
import { describeError } from '../../src/activities/failure.ts';
import { jobIdOf } from '../../src/activities/job-activities.ts';
import { runActivity } from '../../src/activities/run-activity.ts';
import { errorTable, isErrorCode, SyncError } from '../../src/errors.ts';

/** An activity's surroundings, in which a failure is not printed. */
function quiet(info: Partial<Info> = {}): MockActivityEnvironment {
  return new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR', () => undefined) });
}

/** What Temporal is told of an activity that throws this. */
async function failureOf(error: unknown): Promise<ApplicationFailure> {
  try {
    await quiet().run(() =>
      runActivity(async () => {
        throw error;
      }),
    );
  } catch (failure) {
    if (failure instanceof ApplicationFailure) return failure;
    throw failure;
  }
  throw new Error('it did not fail');
}

/** What is logged, from `level` on, by activities that throw these. */
async function linesOf(level: 'ERROR' | 'WARN', ...errors: Error[]): Promise<LogEntry[]> {
  const lines: LogEntry[] = [];
  const logger = new DefaultLogger(level, (line) => void lines.push(line));
  for (const error of errors) {
    const environment = new MockActivityEnvironment({}, { logger });
    const work = () => runActivity(() => Promise.reject(error));
    await expect(environment.run(work)).rejects.toThrow();
  }
  return lines;
}

describe("an activity's error", () => {
  it.each(Object.keys(errorTable).filter(isErrorCode))(
    'has the code as its type, and is final if the table says so: %s',
    async (code) => {
      const failure = await failureOf(new SyncError(code, 'the words'));
      const { retryable, advice } = errorTable[code];
      expect(failure.type).toBe(code);
      expect(failure.nonRetryable).toBe(!retryable);
      expect(failure.message).toBe(`the words. ${advice}`);
      expect(failure.nextRetryDelay).toBeUndefined();
      const benign = failure.category === ApplicationFailureCategory.BENIGN;
      expect(benign).toBe(retryable && code !== 'UNKNOWN');
    },
  );

  it('says when to retry, with jitter', async () => {
    const failure = await failureOf(new SyncError('RATE_LIMITED', 'spent', { retryAfterMs: 60_000 }));
    expect(failure.nextRetryDelay).toBeGreaterThanOrEqual(60_000);
    expect(failure.nextRetryDelay).toBeLessThanOrEqual(66_000);
  });

  it('contains only the name and message of a foreign error, truncated', async () => {
    const failure = await failureOf(new TypeError('x'.repeat(5000)));
    expect(failure.type).toBe('UNKNOWN');
    expect(failure.nonRetryable).toBe(false);
    expect(failure.message.length).toBeLessThan(400);
    expect(failure.cause).toBeUndefined();
  });

  it('is logged with its stack if it is unexpected, and only then', async () => {
    const error = new TypeError('x is not a function');
    const lines = await linesOf('ERROR', new SyncError('RATE_LIMITED', 'spent'), error);
    expect(lines.map(({ meta }) => meta?.['err'])).toEqual([error]);
  });

  it('is logged in a line if the database cannot serve, without what PostgreSQL quotes', async () => {
    const full = Object.assign(new Error('could not extend file "base/1/2"'), { code: '53100' });
    const [line, ...others] = await linesOf('WARN', new SyncError('RATE_LIMITED', 'spent'), full);
    expect(others).toEqual([]);
    expect(line?.message).toBe('an activity waits for the database');
    expect(line?.meta?.['reason']).toBe('the disk of the database is full');
    expect(JSON.stringify(line?.meta)).not.toContain('extend');
  });

  it('names the database if it is unavailable', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
    expect(describeError(refused).code).toBe('DATABASE_UNAVAILABLE');
  });
});

describe('while an activity works', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('sends a heartbeat every five seconds, and none afterwards', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout'] });
    const environment = quiet();
    let beats = 0;
    environment.on('heartbeat', () => (beats += 1));
    const result = await environment.run(() =>
      runActivity(async () => {
        jest.advanceTimersByTime(15_000);
        return 'done';
      }),
    );
    expect([result, beats]).toEqual(['done', 3]);
    jest.advanceTimersByTime(60_000);
    expect(beats).toBe(3);
  });

  it('cancels its requests when cancelled, and fails with that reason', async () => {
    const environment = quiet();
    const running = environment.run(() =>
      runActivity(async ({ signal }) => {
        setImmediate(() => environment.cancel());
        await sleep(10_000, undefined, { signal }).catch(() => {
          throw new SyncError('GITHUB_UNAVAILABLE', 'the request was aborted');
        });
      }),
    );
    await expect(running).rejects.toBeInstanceOf(CancelledFailure);
  });

  it('keeps the same owner for every attempt', async () => {
    const owners = [1, 2].map((attempt) =>
      quiet({ attempt }).run(() => runActivity(async ({ owner }) => owner)),
    );
    const [first, second] = await Promise.all(owners);
    expect(first).toBe(second);
  });
});

describe('an attempt', () => {
  const MINUTE = 60_000;
  /** Of at most five attempts within eleven minutes, one that is scheduled so long after the first. */
  const isLast = (attempt: number, scheduledAfterMs: number, limitMs = 11 * MINUTE): Promise<boolean> => {
    const info = {
      attempt,
      retryPolicy: { maximumAttempts: 5 },
      scheduleToCloseTimeoutMs: limitMs,
      scheduledTimestampMs: 1000,
      currentAttemptScheduledTimestampMs: 1000 + scheduledAfterMs,
    };
    return quiet(info).run(() => runActivity(async ({ isLastTry }) => isLastTry()));
  };

  it('is the last one if no more are allowed', async () => {
    expect(await isLast(4, MINUTE)).toBe(false);
    expect(await isLast(5, MINUTE)).toBe(true);
  });

  it('is the last one if there is no time for another', async () => {
    expect(await isLast(2, 10 * MINUTE)).toBe(false);
    expect(await isLast(2, 11 * MINUTE)).toBe(true);
  });

  it('is not the last one if only their number is limited', async () => {
    expect(await isLast(2, 60 * MINUTE, 0)).toBe(false);
    expect(await isLast(5, 60 * MINUTE, 0)).toBe(true);
  });
});

describe('the id of a job', () => {
  it('is a UUID, the same for every attempt, another for every round and run', () => {
    const ids = ['a', 'b'].flatMap((run) => Array.from({ length: 50 }, (_, round) => jobIdOf(run, round)));
    expect(new Set(ids).size).toBe(100);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(jobIdOf('a', 7)).toBe(ids[7]);
  });
});
