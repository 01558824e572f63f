import { expect, it } from '@jest/globals';
import { createSandbox } from '../../sandbox/index.ts';
import { createRandom } from '../../sandbox/world/random.ts';
import { workedEvents } from '../../src/deliveries/events.ts';
import { allActions, populate } from './history.ts';
import { createPlay } from './play.ts';

/** In a life this long things still happen; later most repositories and people are gone. */
const ROUNDS = 5;
/** Many times what it takes: what happens in none of as many lives never does. */
const LIVES = 10;

interface Happened {
  actions: Set<string>;
  events: Set<string>;
}

/** What the histories are drawn from, at GitHub alone: each action again and again. */
async function live(seed: number, { actions, events }: Happened): Promise<void> {
  const sandbox = await createSandbox({ seed, populate, webhookUrl: 'http://127.0.0.1:9/' });
  const play = createPlay(sandbox, createRandom({ random: seed }), () => undefined);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, action] of Object.entries(allActions)) {
      try {
        action.run(play);
        actions.add(name);
      } catch {
        // It made no sense as things are.
      }
    }
  }
  await sandbox.control.deliveriesDone({});
  for (const { event } of sandbox.world.state.deliveries) events.add(event);
  await sandbox.close();
}

it('draws random histories from every processed event, with actions that all work', async () => {
  const happened: Happened = { actions: new Set(), events: new Set() };
  const isAll = () =>
    happened.actions.size === Object.keys(allActions).length &&
    [...workedEvents].every((event) => happened.events.has(event));
  for (let seed = 1; seed <= LIVES && !isAll(); seed += 1) await live(seed, happened);
  expect([...happened.events]).toEqual(expect.arrayContaining([...workedEvents]));
  expect([...happened.actions].sort()).toEqual(Object.keys(allActions).sort());
});
