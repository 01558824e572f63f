/** The team lives: now and then somebody does something, chosen by the seed. */
import type { World } from '../world/world.ts';
import { createRandom } from '../world/random.ts';
import { TEAM_ACTIONS } from './team-actions.ts';

/** An action may find nothing to act on: then this many others are tried. */
const TRIES = 30;

/** How long somebody is always doing something, for a person who has just started it and watches. */
const LIVELY_MS = 5 * 60_000;

/** In the end one thing happens where this many happened at the beginning: five people do no more in a day. */
const SLOWEST = 60;

export interface Life {
  /** The interval between actions in milliseconds; after five minutes it grows. */
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

/** By what factor people wait longer before they do something again, after this much time. */
function slowness(livedMs: number): number {
  return Math.min(SLOWEST, Math.max(1, livedMs / LIVELY_MS));
}
