import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createPendingPoller } from '../../src/api/dispatch/pending-poller.ts';
import { createTemporalWatch } from '../../src/api/dispatch/temporal-watch.ts';
import { createWakeDispatcher } from '../../src/api/dispatch/wake-dispatcher.ts';
import type { PendingPage, PendingWork } from '../../src/db/deliveries/pending-work.ts';
import type { WakeTarget } from '../../src/temporal/wake.ts';

function target(id: number): WakeTarget {
  return { kind: 'repository', id, installationId: 1, label: null };
}

function setUp(work: PendingWork[]) {
  const woken: number[] = [];
  const alone: number[] = [];
  const clock = { now: 0 };
  const poller = createPendingPoller({
    repositories: async ({ afterId, limit }: PendingPage) =>
      work.filter(({ id }) => id > afterId).slice(0, limit),
    installations: async () => [],
    wake: ({ id }, isAlone) => {
      woken.push(id);
      if (isAlone) alone.push(id);
    },
    now: () => clock.now,
  });
  return { poller, woken, alone, clock };
}

function waiting(id: number, newestAt = 'then'): PendingWork {
  return {
    id,
    installationId: 1,
    label: null,
    isLate: false,
    newestAt,
  };
}

const isPending = async () => true;

describe('the dispatcher', () => {
  it('sends the first wake at once and merges a storm into few', async () => {
    const sent: number[] = [];
    const began = Date.now();
    const dispatcher = createWakeDispatcher({
      send: async () => {
        sent.push(Date.now() - began);
        await sleep(5);
      },
      isPending,
      onOutcome: () => undefined,
    });
    dispatcher.wake(target(1));
    expect(sent).toHaveLength(1);
    for (let n = 1; n < 100; n += 1) {
      await sleep(4);
      dispatcher.wake(target(1));
    }
    await sleep(400);
    expect(sent.length).toBeGreaterThan(1);
    // The first after 50, 100 and 200 ms, then one every 250 ms, however long the storm took on a busy machine.
    expect(sent.length).toBeLessThanOrEqual(3 + (Date.now() - began) / 250);
    await dispatcher.close();
  });

  it('sends a wake that follows at once before a storm would', async () => {
    const sent: number[] = [];
    const dispatcher = createWakeDispatcher({
      send: async () => void sent.push(performance.now()),
      isPending,
      onOutcome: () => undefined,
    });
    dispatcher.wake(target(1));
    await sleep(20);
    dispatcher.wake(target(1));
    let turns = 0;
    // A busy machine delays its timers as well as this one.
    while (sent.length < 2 && turns < 15) {
      await sleep(10);
      turns += 1;
    }
    expect(turns).toBeLessThan(15);
    await dispatcher.close();
  });

  it('wakes again for deliveries that arrive while a wake is in progress', async () => {
    const releases: (() => void)[] = [];
    const state = { sent: 0 };
    const dispatcher = createWakeDispatcher({
      send: () => {
        state.sent += 1;
        return new Promise((resolve) => releases.push(resolve));
      },
      isPending,
      onOutcome: () => undefined,
    });
    dispatcher.wake(target(1));
    dispatcher.wake(target(1));
    dispatcher.wake(target(1));
    expect(state.sent).toBe(1);
    releases.pop()?.();
    while (state.sent < 2) await sleep(20);
    await sleep(300);
    expect(state.sent).toBe(2);
    releases.pop()?.();
    await dispatcher.close();
  });

  it('sends no second wake if the first picked up everything', async () => {
    const outcomes: string[] = [];
    const dispatcher = createWakeDispatcher({
      send: async () => undefined,
      isPending: async () => false,
      onOutcome: (outcome) => outcomes.push(outcome),
    });
    dispatcher.wake(target(1));
    dispatcher.wake(target(1));
    await sleep(10);
    dispatcher.wake(target(1));
    while (outcomes.length < 4) await sleep(20);
    expect(outcomes).toEqual(['merged', 'sent', 'merged', 'merged']);
    await dispatcher.close();
  });

  it('wakes an installation in place of many repositories, while they last', async () => {
    const sent: string[] = [];
    const dispatcher = createWakeDispatcher({
      send: async ({ kind, id }) => void sent.push(`${kind}/${id}`),
      isPending,
      onOutcome: () => undefined,
    });
    const wakeMany = () => {
      for (let id = 10; id < 60; id += 1) dispatcher.wake({ ...target(id), label: `octo/${id}` });
    };
    wakeMany();
    dispatcher.wake({ ...target(2), installationId: 2 });
    // One that has waited for a minute is woken itself.
    dispatcher.wake(target(59), true);
    await sleep(350);
    wakeMany();
    await sleep(10);
    expect(sent).toEqual([
      ...[10, 11, 12, 13, 14].map((id) => `repository/${id}`),
      'deliveries/1',
      'repository/2',
      'repository/59',
    ]);
    while (sent.length < 9) await sleep(20);
    expect(sent.slice(8)).toEqual(['deliveries/1']);
    // A second of calm ends the storm.
    while (sent.at(-1) !== 'repository/10') {
      await sleep(100);
      dispatcher.wake(target(10));
      await sleep(1100);
    }
    await dispatcher.close();
  });

  it('sends at most 20 concurrently, and loses none', async () => {
    let now = 0;
    let most = 0;
    const seen = new Set<number>();
    const dispatcher = createWakeDispatcher({
      send: async ({ id }) => {
        most = Math.max(most, (now += 1));
        seen.add(id);
        await sleep(2);
        now -= 1;
      },
      isPending,
      onOutcome: () => undefined,
    });
    for (let id = 1; id <= 500; id += 1) dispatcher.wake({ ...target(id), installationId: id });
    while (seen.size < 500) await sleep(20);
    expect(most).toBe(20);
    expect(seen.size).toBe(500);
    await dispatcher.close();
  });

  it('leaves a failed wake to the poller', async () => {
    const outcomes: string[] = [];
    let sent = 0;
    const dispatcher = createWakeDispatcher({
      send: async () => {
        sent += 1;
        throw new Error('away');
      },
      isPending,
      onOutcome: (outcome) => outcomes.push(outcome),
    });
    dispatcher.wake(target(1));
    await sleep(400);
    expect({ sent, outcomes }).toEqual({ sent: 1, outcomes: ['failed'] });
    await dispatcher.close();
    dispatcher.wake(target(1));
    expect(sent).toBe(1);
  });
});

describe('the poller', () => {
  it('wakes the workflows of pending deliveries, and again after 30 s or for newer ones', async () => {
    const work = [waiting(1), waiting(2)];
    const { poller, woken, clock } = setUp(work);
    await poller.poll();
    await poller.poll();
    expect(woken).toEqual([1, 2]);
    work[1] = waiting(2, 'now');
    clock.now = 10_000;
    await poller.poll();
    expect(woken).toEqual([1, 2, 2]);
    clock.now = 30_001;
    await poller.poll();
    expect(woken).toEqual([1, 2, 2, 1]);
  });

  it("wakes a repository's own workflow after a minute", async () => {
    const { poller, woken, alone } = setUp([waiting(1), { ...waiting(2), isLate: true }]);
    await poller.poll();
    expect({ woken, alone }).toEqual({ woken: [1, 2], alone: [2] });
  });

  it('wakes every workflow again after forgetting', async () => {
    const { poller, woken } = setUp([waiting(1)]);
    await poller.poll();
    poller.forget();
    await poller.poll();
    expect(woken).toEqual([1, 1]);
  });

  it('reads any number of pending deliveries, a page at a time', async () => {
    const { poller, woken } = setUp(Array.from({ length: 1200 }, (_, index) => waiting(index + 1)));
    await poller.poll();
    expect(woken).toHaveLength(500);
    await poller.poll();
    await poller.poll();
    expect(new Set(woken).size).toBe(1200);
  });
});

it('reports the loss and the return of Temporal once each', async () => {
  const told: string[] = [];
  const noted: boolean[] = [];
  let up = true;
  const watch = createTemporalWatch({
    ping: async () => {
      if (!up) throw new Error('away');
    },
    stopping: new AbortController().signal,
    record: async (reachable) => void noted.push(reachable),
    onLoss: () => told.push('loss'),
    onReturn: () => told.push('return'),
  });
  await watch.check();
  up = false;
  await watch.check();
  await watch.check();
  expect(watch.isReachable()).toBe(false);
  up = true;
  await watch.check();
  expect(told).toEqual(['loss', 'return']);
  expect(noted).toEqual([true, false, false, true]);
});
