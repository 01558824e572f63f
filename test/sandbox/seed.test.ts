import { describe, expect, it } from '@jest/globals';
import { seedWorld } from '../../sandbox/seed/seed-world.ts';
import { createClock } from '../../sandbox/world/clock.ts';
import { createInitialWorld } from '../../sandbox/initial-world.ts';

const HOUR = 3600;

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

describe('the sample organisation', () => {
  it.each([1, 2])('works at the hours when people do, with seed %i', (seed) => {
    const clock = createClock();
    clock.freeze(Date.parse('2026-03-04T12:00:00Z') / 1000);
    const input = { seed, appId: 7, privateKey: '', webhookUrl: null, webhookSecret: null };
    const world = createInitialWorld(input, clock);
    seedWorld(world);
    const home = [...world.state.repositories.values()].find(({ name }) => name === 'monolith');
    const items = [...(home?.issues.values() ?? [])];
    const pulls = items.flatMap((issue) => (issue.pull ? [{ ...issue, pull: issue.pull }] : []));
    const merged = pulls.flatMap(({ createdAt, pull }) =>
      pull.mergedAt === null ? [] : [(pull.mergedAt - createdAt) / HOUR],
    );
    const waits = pulls.flatMap(({ createdAt, authorId, pull }) => {
      const first = pull.reviews.find((review) => review.authorId !== authorId)?.submittedAt;
      return first ? [(first - createdAt) / HOUR] : [];
    });
    expect(merged.length).toBeGreaterThan(20);
    expect(median(merged)).toBeGreaterThan(8);
    expect(median(merged)).toBeLessThan(120);
    expect(median(waits)).toBeGreaterThan(1);
    expect(median(waits)).toBeLessThan(60);
    const days = items.map(({ createdAt }) => new Date(createdAt * 1000).getUTCDay());
    expect(days.filter((day) => day === 0 || day === 6)).toEqual([]);
    const open = items.filter(({ state, pull }) => state === 'open' && !pull);
    const stale = open.filter(({ updatedAt }) => updatedAt < clock.now() - 90 * 86_400);
    expect(stale.length).toBeGreaterThan(0);
    expect(stale.length).toBeLessThan(open.length / 3);
    expect(home?.releases.size).toBeGreaterThan(4);
  });

  it("has GitHub's default labels in every repository, even the empty one", () => {
    const input = { seed: 1, appId: 7, privateKey: '', webhookUrl: null, webhookSecret: null };
    const world = createInitialWorld(input, createClock());
    const organisation = seedWorld(world, { scale: 0.1 });
    const defaults = [...world.state.repositories.values()]
      .filter(({ ownerId }) => ownerId === organisation.id)
      .map(({ labels }) => [...labels.values()].filter((label) => label.default).map(({ name }) => name));
    expect(defaults.length).toBeGreaterThan(10);
    for (const names of defaults) expect(names).toEqual(expect.arrayContaining(['bug', 'wontfix']));
    for (const names of defaults) expect(names).toHaveLength(9);
  });
});
