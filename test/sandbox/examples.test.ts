import { afterAll, describe, expect, it } from '@jest/globals';
import { actions } from '../../sandbox/control/control.ts';
import { pathOf } from '../../sandbox/control/listing.ts';
import { createSandbox, type Sandbox } from '../../sandbox/index.ts';
import { seedWorld } from '../../sandbox/seed/seed-world.ts';
import { createAccount } from '../../sandbox/resources/accounts/account.ts';
import { deserialise, serialise } from '../../sandbox/world/snapshot.ts';
import { repositoryState } from '../../sandbox/resources/index.ts';
import { createWorld, type World } from '../../sandbox/world/world.ts';
import { privateKey } from '../support/private-key.ts';

/** Port 9 discards: deliveries fail at once. */
const NOWHERE = 'http://127.0.0.1:9/';

const started: Sandbox[] = [];

function populate(world: World): void {
  seedWorld(world, { scale: 0.05 });
  createAccount(world, { login: 'acme', type: 'Organization' });
}

afterAll(() => Promise.all(started.map((sandbox) => sandbox.close())));

it.each([{ origin: 'https://example.com' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }])(
  'the control API does nothing for a page: %j',
  async (headers) => {
    const sandbox = await createSandbox({ webhookUrl: NOWHERE, privateKey, populate });
    started.push(sandbox);
    const statusOf = async (sent: Record<string, string>) => {
      const answer = await fetch(sandbox.url + pathOf('createAccount'), {
        method: 'POST',
        headers: { 'content-type': 'text/plain', ...sent },
        body: '{"login":"eve"}',
      });
      return answer.status;
    };
    expect(await statusOf(headers)).toBe(403);
    expect(await statusOf({})).toBe(200);
  },
);

describe('the control API’s listing', () => {
  it.each(Object.entries(actions))(
    'has an example of %s that works in the sample world',
    async (name, { example }) => {
      const sandbox = await createSandbox({ webhookUrl: NOWHERE, privateKey, populate });
      started.push(sandbox);
      sandbox.control.openIssue({ repo: 'octo-sandbox/app' });
      await sandbox.control.deliveriesDone({});
      const response = await fetch(sandbox.url + pathOf(name), {
        method: 'POST',
        body: JSON.stringify(example),
      });
      expect([response.status, response.status === 200 ? '' : await response.text()]).toEqual([200, '']);
      const text = serialise(sandbox.world.state);
      expect(createWorld(deserialise(text), repositoryState).index).toEqual(sandbox.world.index);
    },
  );
});
