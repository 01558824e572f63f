/** The team lives: now and then somebody does something, chosen by the seed. */
import type { World } from '../world/world.ts';
import { createRandom } from '../world/random.ts';
import { TEAM_ACTIONS } from './team-actions.ts';

/** An action may find nothing to be done to: so many others are tried. */
const TRIES = 30;

/** So long somebody does something all the time, for whoever has just started it and watches. */
const LIVELY_MS = 5 * 60_000;

/** At last one thing happens where so many happened in the beginning: five people do no more in a day. */
const SLOWEST = 60;

export interface Life {
  /** Something happens every so many milliseconds; after five minutes ever more seldom. */
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
    // An action that cannot be done (no open issue to close) falls to another.
    for (let tries = 0; tries < TRIES; tries += 1) {
      const done = random.pick(TEAM_ACTIONS)(world, random.pick(covered), random);
      if (done !== null) return done;
    }
    return null;
  }
  function stop(): void {
    if (timer) clearTimeout(timer);
    timer = null;
  }
  return {
    live,
    stop,
    start: (everyMs) => {
      stop();
      const began = Date.now();
      const next = (): void => {
        timer = setTimeout(
          () => {
            live();
            next();
          },
          everyMs * slowness(Date.now() - began),
        );
      };
      next();
    },
  };
}

/** How many times as long people wait before they do something again, once life has lasted so long. */
function slowness(livedMs: number): number {
  return Math.min(SLOWEST, Math.max(1, livedMs / LIVELY_MS));
}
