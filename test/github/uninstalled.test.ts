import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createGitHub, type GitHub } from '../../src/github/client.ts';
import { createSandbox, type Sandbox } from '../../sandbox/index.ts';
import { seedWorld } from '../../sandbox/seed/seed-world.ts';

let sandbox: Sandbox;
let github: GitHub;
beforeAll(async () => {
  sandbox = await createSandbox({ populate: (world) => seedWorld(world, { scale: 0.01 }) });
  github = createGitHub({
    appId: sandbox.appId,
    privateKey: sandbox.privateKey,
    apiUrl: sandbox.url,
    ledger: { read: () => Promise.resolve(new Map()), write: () => Promise.resolve() },
  });
});
afterAll(() => sandbox.close());

describe('an installation that is gone', () => {
  it('never counts as the absence of a requested object, however often it is requested', async () => {
    const [installation] = sandbox.world.state.installations.values();
    const [repository] = sandbox.world.state.repositories.values();
    const session = github.installation(installation?.id ?? 0);
    const path = `/repositories/${repository?.id}`;
    expect((await session.get(path, [404])).status).toBe(200);
    sandbox.control.uninstall({ id: installation?.id ?? 0 });
    // A token that is newer may only be too new.
    await new Promise((resolve) => setTimeout(resolve, 5100));
    for (let time = 0; time < 2; time += 1) {
      await expect(session.get(path, [404])).rejects.toMatchObject({ code: 'INSTALLATION_REMOVED' });
    }
  });
});
