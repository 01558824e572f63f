/** Faults of the API, and its rate limits. */
import { z } from 'zod';
import type { FaultAction } from '../faults/faults.ts';
import type { Resource } from '../http/limits.ts';
import { actionsOn } from '../resources/action.ts';
import { given } from '../resources/inputs.ts';
import type { SandboxParts } from '../sandbox-parts.ts';

const action = actionsOn<SandboxParts>();

const where = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

const fault = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('status'),
    status: z.number(),
    message: z.string().optional(),
    retryAfter: z.number().optional(),
  }),
  z.object({
    kind: z.literal('secondary'),
    retryAfter: z.number().optional(),
    status: z.number().optional(),
  }),
  z.object({ kind: z.literal('latency'), ms: z.number() }),
  z.object({ kind: z.literal('hang') }),
  z.object({ kind: z.literal('reset') }),
  z.object({ kind: z.literal('truncate') }),
  z.object({ kind: z.literal('garble') }),
  z.object({ kind: z.literal('page-too-large'), above: z.number() }),
  z.object({ kind: z.literal('too-many-counts'), above: z.number() }),
  z.object({ kind: z.literal('resource-limits') }),
  z.object({ kind: z.literal('graphql-error') }),
  z.object({
    kind: z.literal('bad-credentials'),
    remaining: z.number().optional(),
    resetIn: z.number().optional(),
  }),
  z.object({ kind: z.literal('empty') }),
  z.object({ kind: z.literal('broken-element'), where }),
  z.object({
    kind: z.literal('odd-element'),
    where,
    set: z.record(z.string(), z.unknown()).optional(),
    omit: z.array(z.string()).optional(),
  }),
]);

export const faultActions = {
  addFault: action({
    about:
      'Break requests: status (any refusal in any words: 403 "Maximum number of login attempts exceeded"), secondary limit, latency, hang, reset, truncate, garble, page-too-large, too-many-counts, resource-limits, graphql-error, bad-credentials (401 with the anonymous budget), empty (a list), odd-element (fields of what fits `where` set or left out), broken-element (500 for it and each page that holds it); for `times` requests, for `seconds`, those that `match` a pattern on "METHOD /path", of an installation, with a probability. Nothing but hang or reset for some seconds is a host that vanishes.',
    example: { action: { kind: 'status' as const, status: 502 }, match: '/commits', times: 3 },
    input: z.object({
      action: fault,
      match: z.string().optional(),
      installationId: z.number().optional(),
      times: z.number().int().positive().optional(),
      seconds: z.number().positive().optional(),
      probability: z.number().min(0).max(1).optional(),
    }),
    run: ({ faults }, { action: what, ...rest }) => {
      const action: FaultAction = given(what);
      return faults.add({ ...given(rest), action });
    },
  }),
  removeFault: action({
    about: 'End a fault rule.',
    example: { id: 1 },
    input: z.object({ id: z.number() }),
    run: ({ faults }, { id }) => faults.remove(id),
  }),
  clearFaults: action({
    about: 'End every fault: rules, settings, triggers, delivery faults (what is held is released).',
    example: {},
    input: z.object({}),
    run: ({ faults, hooks, triggers }) => {
      faults.clear();
      triggers.clear();
      hooks.faults.clear();
      hooks.release();
    },
  }),
  faultSettings: action({
    about:
      'Standing faults: fresh tokens refused for so long, reads so stale, every answer so slow, numbers of comments so late.',
    example: { staleSeconds: 5 },
    input: z.object({
      freshTokenSeconds: z.number().optional(),
      staleSeconds: z.number().optional(),
      latencyMs: z.number().optional(),
      commentLagSeconds: z.number().optional(),
    }),
    run: ({ faults, replica }, input) => {
      Object.assign(faults.settings, given(input));
      replica.current();
      return faults.settings;
    },
  }),
  setRateLimit: action({
    about:
      'Set what an installation (or `app`) has left, its limit, or when it resets (epoch seconds, or in seconds from now).',
    example: { installationId: 70000001, remaining: 0, resetIn: 60 },
    input: z.object({
      installationId: z.union([z.number(), z.literal('app')]),
      resource: z.enum(['core', 'graphql']).default('core'),
      limit: z.number().nullable().optional(),
      remaining: z.number().optional(),
      reset: z.number().optional(),
      resetIn: z.number().optional(),
    }),
    run: ({ world, limits }, { installationId, resource, resetIn, limit, remaining, reset }) => {
      const soon = resetIn === undefined ? {} : { reset: Math.ceil(world.clock.wall() / 1000) + resetIn };
      const which: Resource = resource;
      return limits.set(String(installationId), which, { ...given({ limit, remaining, reset }), ...soon });
    },
  }),
  limitSettings: action({
    about:
      'How an exceeded primary limit is spelled (403 or 429; in GraphQL RATE_LIMITED or RATE_LIMIT), and whether secondary limits hold.',
    example: { primaryStatus: 429 as const },
    input: z.object({
      primaryStatus: z.union([z.literal(403), z.literal(429)]).optional(),
      graphqlType: z.enum(['RATE_LIMITED', 'RATE_LIMIT']).optional(),
      secondary: z.boolean().optional(),
    }),
    run: ({ limits, secondary }, input) => {
      Object.assign(limits, given({ primaryStatus: input.primaryStatus, graphqlType: input.graphqlType }));
      if (input.secondary !== undefined) secondary.enabled = input.secondary;
      const { primaryStatus, graphqlType } = limits;
      return { primaryStatus, graphqlType, secondary: secondary.enabled };
    },
  }),
};
