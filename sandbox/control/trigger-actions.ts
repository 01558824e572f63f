/** Things that happen between two requests, and the name that the server writes into its addresses. */
import { z } from 'zod';
import { actionsOn } from '../resources/action.ts';
import type { SandboxParts } from '../sandbox-parts.ts';

const action = actionsOn<SandboxParts>();

export const triggerActions = {
  addTrigger: action({
    about:
      'Run another action after a number of requests that `match`, for example to shrink a list while it is read. It runs before the answer is sent, so that the next request sees it.',
    example: {
      match: '/branches\\?',
      after: 1,
      action: 'deleteBranch',
      input: { repo: 'octo-sandbox/app', branch: 'release' },
    },
    input: z.object({
      match: z.string(),
      after: z.number().int().positive().default(1),
      action: z.string(),
      input: z.record(z.string(), z.unknown()).default({}),
    }),
    run: ({ triggers }, input) => triggers.add(input),
  }),
  removeTrigger: action({
    about: 'Remove a trigger that has not fired yet.',
    example: { id: 1 },
    input: z.object({ id: z.number() }),
    run: ({ triggers }, { id }) => triggers.remove(id),
  }),
  nameServer: action({
    about:
      'Use another base than the requested one in every address (Link, Location, bodies), as an Enterprise Server behind a proxy does; null restores its own.',
    example: { api: 'http://github.acme.internal/api/v3' },
    input: z.object({ api: z.string().nullable() }),
    run: (sandbox, { api }) => {
      sandbox.api = api ?? sandbox.ownApi;
      return { api: sandbox.api };
    },
  }),
};
