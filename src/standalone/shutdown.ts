import { onStopSignals } from '../on-stop-signals.ts';
import type { Child } from './child.ts';
import type { Print } from './print.ts';

export interface Shutdown {
  /** Adds something to be stopped before everything that was added earlier. */
  add: (name: string, stop: () => Promise<void>) => void;
  /** Adds a process; if it dies by itself, everything is stopped with exit code 1. */
  addChild: (child: Child) => void;
  /** Stops everything, newest first, and exits. */
  run: (exitCode: number) => Promise<void>;
  isRunning: () => boolean;
}

/**
 * Stops what was started, in reverse order, on Ctrl-C or when a part dies. A second Ctrl-C kills what is left.
 * `onChildren` receives the processes whenever one is added.
 */
export function createShutdown(print: Print, onChildren: (pids: number[]) => void): Shutdown {
  const steps: { name: string; stop: () => Promise<void> }[] = [];
  const children = new Set<Child>();
  let running: Promise<void> | undefined;

  async function stopAll(exitCode: number): Promise<void> {
    for (let step = steps.pop(); step; step = steps.pop()) {
      try {
        await step.stop();
      } catch (error) {
        print(`Stopping ${step.name} failed: ${String(error)}`);
      }
    }
    process.exit(exitCode);
  }

  const pids = (): number[] => [...children].flatMap(({ pid }) => pid ?? []);
  const run = (exitCode: number): Promise<void> => (running ??= stopAll(exitCode));
  onStopSignals(
    ['SIGINT', 'SIGTERM', 'SIGHUP'],
    () => {
      if (running === undefined) print('Stopping in order (press Ctrl-C again to stop at once)');
      void run(0);
    },
    () => {
      for (const child of children) child.kill();
      process.exit(130); // the exit code that shells report for Ctrl-C
    },
  );

  async function watch(child: Child): Promise<void> {
    const code = await child.exited;
    children.delete(child);
    if (running !== undefined) return;
    print(`${child.name} exited by itself with code ${code}. Its last lines:`);
    for (const line of child.lastLines()) print(`  ${line}`);
    await run(1);
  }

  return {
    add: (name, stop) => steps.push({ name, stop }),
    addChild: (child) => {
      children.add(child);
      onChildren(pids());
      const stop = async (): Promise<void> => {
        await child.stop();
        print(`${child.name} stopped`);
      };
      steps.push({ name: child.name, stop });
      void watch(child);
    },
    run,
    isRunning: () => running !== undefined,
  };
}
