/** The team lives: every few seconds somebody does something, chosen by the seed. */
import type { World } from '../world/world.ts';
import { createRandom } from '../world/random.ts';
import { DEEDS } from './deeds.ts';

export interface Life {
  start(everyMs: number): void;
  stop(): void;
  /** One thing happens now; says what, or null when there is nowhere for it to happen. */
  live(): string | null;
}

/** A life that has not begun. What happens depends on the world's seed and on nothing else. */
export function createLife(world: World): Life {
  const random = createRandom({ random: world.state.random ^ 0x11fe });
  let timer: NodeJS.Timeout | null = null;
  function live(): string | null {
    const covered = [...world.state.repositories.values()].filter(({ archived, block, ownerId }) => {
      const installed = [...world.state.installations.values()].some(
        ({ accountId }) => accountId === ownerId,
      );
      return installed && !archived && block === null;
    });
    if (covered.length === 0) return null;
    // A deed that cannot be done (no open issue to close) falls to another.
    for (let tries = 0; tries < 10; tries += 1) {
      const done = random.pick(DEEDS)(world, random.pick(covered), random);
      if (done !== null) return done;
    }
    return null;
  }
  return {
    live,
    start: (everyMs) => {
      if (timer) clearInterval(timer);
      timer = setInterval(live, everyMs);
    },
    stop: () => {
      if (timer) clearInterval(timer);
      timer = null;
    },
  };
}
