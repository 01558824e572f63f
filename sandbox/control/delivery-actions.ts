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
      'Break deliveries: drop (logged as timed out), lose (not even logged), duplicate, delay, hold; for some events, a number of times, with a probability.',
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
    about: 'Remove a delivery fault.',
    example: { id: 1 },
    input: z.object({ id: z.number() }),
    run: ({ hooks }, { id }) => hooks.faults.remove(id),
  }),
  releaseDeliveries: action({
    about: 'Send held deliveries, in the order of these positions, or all of them in order.',
    example: { order: [1, 0] },
    input: z.object({ order: z.array(z.number().int()).optional() }),
    run: ({ hooks }, { order }) => {
      hooks.release(order);
      return { held: hooks.held().length };
    },
  }),
  heldDeliveries: action({
    about: 'List held deliveries.',
    example: {},
    input: z.object({}),
    run: ({ hooks }) => hooks.held().map(({ guid, event, action: what }) => ({ guid, event, action: what })),
  }),
  redeliver: action({
    about: 'Redeliver a delivery in the log: by id, by GUID, or the latest.',
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
      'Replay the signed body of a delivery with other headers (another event name, another GUID): by id, by GUID, or the latest.',
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
      'Add many deliveries to the log that never arrived, each with its own GUID: copies of the latest one, or of the one with an id. At most 20,000 are kept.',
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
    about: 'Send any payload, signed as if by GitHub (for example a `ping`).',
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
    about: 'Wait until all deliveries in progress have arrived or failed.',
    example: {},
    input: z.object({}),
    run: ({ hooks }) => hooks.idle(),
  }),
  setWebhook: action({
    about:
      'Set where deliveries are sent, the secret that signs them, and whether they are JSON or form-encoded.',
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
