import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '../support/stack.ts';

/** Pushes and issues in every repository of an owner, a few milliseconds apart. Resolves when all were made. */
export async function storm(stack: Stack, owner: string, actions: number): Promise<void> {
  const { control, world } = stack.sandbox;
  const homes = [...world.state.repositories.values()].filter(
    ({ ownerId }) => world.state.accounts.get(ownerId)?.login === owner,
  );
  for (let action = 0; action < actions; action += 1) {
    const repo = homes[action % homes.length]?.id ?? 0;
    if (action % 3 === 0) control.push({ repo, commits: 2 });
    else control.openIssue({ repo, title: `Issue ${action} of the storm` });
    await sleep(4);
  }
}
