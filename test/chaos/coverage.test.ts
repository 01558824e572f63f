import { expect, it } from '@jest/globals';
import { createSandbox } from '../../sandbox/index.ts';
import { createRandom } from '../../sandbox/world/random.ts';
import { workedEvents } from '../../src/deliveries/events.ts';
import { allActions, populate } from './history.ts';
import { createPlay } from './play.ts';

/** Many times what it takes: what does not happen in as many rounds never does. */
const ROUNDS = 50;

/** What the histories are drawn from, at GitHub alone: each action again and again, until each was done and every event sent. */
async function doAll(seed: number): Promise<{ done: Set<string>; events: Set<string> }> {
  const sandbox = await createSandbox({ seed, populate, webhookUrl: 'http://127.0.0.1:9/' });
  const play = createPlay(sandbox, createRandom({ random: seed }), () => undefined);
  const done = new Set<string>();
  const actions = Object.entries(allActions);
  let events = new Set<string>();
  const isEverySent = () => [...workedEvents].every((event) => events.has(event));
  for (let round = 0; round < ROUNDS && (done.size < actions.length || !isEverySent()); round += 1) {
    for (const [name, action] of actions) {
      try {
        action.run(play);
        done.add(name);
      } catch {
        // It made no sense as things are.
      }
    }
    await sandbox.control.deliveriesDone({});
    events = new Set(sandbox.world.state.deliveries.map(({ event }) => event));
  }
  await sandbox.close();
  return { done, events };
}

it('draws random histories from every processed event, with actions that all work', async () => {
  const { done, events } = await doAll(1);
  expect([...events]).toEqual(expect.arrayContaining([...workedEvents]));
  expect([...done].sort()).toEqual(Object.keys(allActions).sort());
});
