/** What its owner changes on the App's settings page. */
import { z } from 'zod';
import { actionsOn } from '../resources/action.ts';
import type { SandboxParts } from '../sandbox-parts.ts';
import { newPrivateKey } from '../world/private-key.ts';

const action = actionsOn<SandboxParts>();

export const appActions = {
  createPrivateKey: action({
    about: 'Generate another private key for the App; the older ones stay valid.',
    example: {},
    input: z.object({}),
    run: ({ world }) => {
      const { app } = world.state;
      app.olderKeys.push(app.privateKey);
      app.privateKey = newPrivateKey('pkcs1');
      return { pem: app.privateKey };
    },
  }),
  deleteOlderPrivateKeys: action({
    about: 'Delete all private keys of the App but the newest. Installation tokens stay valid.',
    example: {},
    input: z.object({}),
    run: ({ world }) => {
      world.state.app.olderKeys = [];
      return {};
    },
  }),
};
