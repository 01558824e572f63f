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
  z.object({ kind: z.literal('undefined-field'), type: z.string(), field: z.string() }),
  z.object({
    kind: z.literal('bad-credentials'),
    remaining: z.number().optional(),
    resetIn: z.number().optional(),
  }),
  z.object({ kind: z.literal('empty') }),
  z.object({ kind: z.literal('omit-headers'), names: z.array(z.string()) }),
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
      'Break requests: status (any refusal with any message: 403 "Maximum number of login attempts exceeded"), secondary limit, latency, hang, reset, truncate, garble, page-too-large, too-many-counts, resource-limits, graphql-error, undefined-field (an older schema), omit-headers, bad-credentials (401 with the anonymous rate limit), empty (a list), odd-element (fields of elements that match `where` set or omitted), broken-element (500 for it and each page that contains it); for `times` requests, for `seconds`, those that `match` a pattern on "METHOD /path", of an installation, with a probability. Only hang or reset for some seconds simulates a host that vanishes.',
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
    about: 'Remove a fault rule.',
    example: { id: 1 },
    input: z.object({ id: z.number() }),
    run: ({ faults }, { id }) => faults.remove(id),
  }),
  clearFaults: action({
    about: 'Remove every fault: rules, settings, triggers, delivery faults (held deliveries are released).',
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
      'Set permanent faults: how long new tokens are rejected, how stale reads are (of both APIs, or of `staleApi`), how slow answers are, how late comment counts are.',
    example: { staleSeconds: 5 },
    input: z.object({
      freshTokenSeconds: z.number().optional(),
      staleSeconds: z.number().optional(),
      staleApi: z.enum(['both', 'rest', 'graphql']).optional(),
      latencyMs: z.number().optional(),
      commentLagSeconds: z.number().optional(),
    }),
    run: ({ faults, replica }, input) => {
      Object.assign(faults.settings, given(input));
      replica.current('rest');
      return faults.settings;
    },
  }),
  setRateLimit: action({
    about:
      'Set the remaining rate limit of an installation (or `app`), its limit, or its reset (epoch seconds, or seconds from now).',
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
      'Set how an exceeded primary limit is reported (403 or 429; in GraphQL RATE_LIMITED or RATE_LIMIT), and whether secondary limits apply.',
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
