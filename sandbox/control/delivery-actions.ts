/** Deliveries and their faults. */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { WorldError } from '../world/errors.ts';
import type { Delivery } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { LOST } from '../webhooks/attempt.ts';
import { findDelivery, logged, record } from '../webhooks/log.ts';
import { actionsOn } from '../resources/action.ts';
import { given } from '../resources/inputs.ts';
import type { SandboxParts } from '../sandbox-parts.ts';

const action = actionsOn<SandboxParts>();

/** The delivery of that id or GUID, or the latest. Throws WorldError 404. */
function deliveryOf(
  world: World,
  { id, guid }: { id?: string | undefined; guid?: string | undefined },
): Delivery {
  const found =
    id === undefined
      ? logged(world).find((one) => guid === undefined || one.guid === guid)
      : findDelivery(world, id);
  if (!found) throw new WorldError('no such delivery', 404);
  return found;
}

export const deliveryActions = {
  addDeliveryFault: action({
    about:
      'Break deliveries: drop (logged as timed out), lose (not even logged), duplicate, delay, hold; of some events, so many times, with a probability.',
    example: { kind: 'drop' as const, events: ['push'], times: 1 },
    input: z.object({
      kind: z.enum(['drop', 'lose', 'duplicate', 'delay', 'hold']),
      events: z.array(z.string()).optional(),
      installationId: z.number().optional(),
      times: z.number().int().positive().optional(),
      probability: z.number().min(0).max(1).optional(),
      ms: z.number().optional(),
    }),
    run: ({ hooks }, { kind, ...rest }) => hooks.faults.add({ kind, ...given(rest) }),
  }),
  removeDeliveryFault: action({
    about: 'End a delivery fault.',
    example: { id: 1 },
    input: z.object({ id: z.number() }),
    run: ({ hooks }, { id }) => hooks.faults.remove(id),
  }),
  releaseDeliveries: action({
    about: 'Send what is held, in the order of these positions, or all in order.',
    example: { order: [1, 0] },
    input: z.object({ order: z.array(z.number().int()).optional() }),
    run: ({ hooks }, { order }) => {
      hooks.release(order);
      return { held: hooks.held().length };
    },
  }),
  heldDeliveries: action({
    about: 'List what is held.',
    example: {},
    input: z.object({}),
    run: ({ hooks }) => hooks.held().map(({ guid, event, action: what }) => ({ guid, event, action: what })),
  }),
  redeliver: action({
    about: 'Send a delivery of the log again: by its id, by GUID, or the latest.',
    example: {},
    input: z.object({ id: z.string().optional(), guid: z.string().optional() }),
    run: ({ world, hooks }, input) => {
      const delivery = deliveryOf(world, input);
      hooks.redeliver(delivery);
      return { id: delivery.id, guid: delivery.guid };
    },
  }),
  replayDelivery: action({
    about:
      'Send the signed body of a delivery again under other headers (another event name, another GUID): by its id, by GUID, or the latest.',
    example: { headers: { 'x-github-event': 'issues', 'x-github-delivery': 'another-guid' } },
    input: z.object({
      id: z.string().optional(),
      guid: z.string().optional(),
      headers: z.record(z.string(), z.string()),
    }),
    run: ({ world, hooks }, { headers, ...input }) => {
      const delivery = deliveryOf(world, input);
      hooks.replay(delivery, headers);
      return { id: delivery.id, guid: delivery.guid };
    },
  }),
  growLostDeliveries: action({
    about:
      'Write many deliveries into the log that never arrived, each with a GUID of its own: like the latest one, or the one of that id. At most 20,000 are kept.',
    example: { count: 1000 },
    input: z.object({ count: z.number().int().positive().max(20_000), id: z.string().optional() }),
    run: ({ world }, { count, id }) => {
      const model = deliveryOf(world, { id });
      for (let at = 0; at < count; at += 1) {
        record(world, {
          ...model,
          ...LOST,
          guid: randomUUID(),
          deliveredAt: world.clock.wall(),
          redelivery: false,
        });
      }
      return { count };
    },
  }),
  sendDelivery: action({
    about: 'Send any payload, signed, as if GitHub had made it (a `ping`, say).',
    example: { event: 'ping', payload: { zen: 'Keep it logically awesome.', hook_id: 1 } },
    input: z.object({
      event: z.string(),
      payload: z.record(z.string(), z.unknown()),
      guid: z.string().optional(),
    }),
    run: ({ hooks }, { event, payload, guid }) => {
      const parcel = hooks.send(event, payload, guid);
      return { guid: parcel.guid };
    },
  }),
  deliveriesDone: action({
    about: 'Wait until everything on its way has arrived or failed.',
    example: {},
    input: z.object({}),
    run: ({ hooks }) => hooks.idle(),
  }),
  setWebhook: action({
    about:
      'Set where deliveries go, the secret they are signed with, and whether they are JSON or form-encoded.',
    example: { url: 'http://127.0.0.1:8000/api/github/webhook/' },
    input: z.object({
      url: z.string().nullable().optional(),
      secret: z.string().nullable().optional(),
      contentType: z.enum(['json', 'form']).optional(),
    }),
    run: ({ world }, input) => {
      Object.assign(world.state.app.hook, given(input));
      return { url: world.state.app.hook.url };
    },
  }),
};
