/** What will have happened, in the order of its time. */
import type { World } from '../world/world.ts';
import { fromWork, toWork } from './work-time.ts';

export interface Schedule {
  /** Plans something for a time of work; what lies in the future never happens. */
  plan(work: number, step: () => void): void;
  /** Runs everything, each at its time. */
  run(): void;
}

/** An empty schedule; `ends` is the last time of work that is past. */
export function createSchedule(world: World): Schedule {
  const steps: { work: number; step: () => void }[] = [];
  const ends = toWork(world.clock.now());
  return {
    plan: (work, step) => {
      if (work < ends) steps.push({ work, step });
    },
    run: () => {
      steps.sort((a, b) => a.work - b.work);
      for (const { work, step } of steps) world.clock.at(fromWork(work), step);
    },
  };
}
