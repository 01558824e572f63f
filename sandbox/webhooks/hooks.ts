/** Delivering what happens: payload, signature, one attempt, log. */
import { randomUUID } from 'node:crypto';
import type { Context, Json } from '../world/context.ts';
import type { Occurrence } from '../world/occurrence.ts';
import type { Random } from '../world/random.ts';
import type { Delivery, Installation } from '../world/types.ts';
import type { World } from '../world/world.ts';
import { attempt, LOST } from './attempt.ts';
import { createDeliveryFaults, type DeliveryFaultRule, type DeliveryFaults } from './delivery-faults.ts';
import { record } from './log.ts';
import type { WebhookEvent } from './event.ts';
import { createQueue } from './queue.ts';
import { deliveryHeaders } from './sign.ts';
import { targetOf } from './targets.ts';

/** Larger payloads are not delivered at all, nor logged. Source: OpenAPI `webhook-push`. */
const MAX_BYTES = 25 * 1024 * 1024;

/** A delivery on its way. */
interface Parcel {
  guid: string;
  event: string;
  action: string | null;
  installationId: number | null;
  repositoryId: number | null;
  body: string;
  redelivery: boolean;
}

export interface Hooks {
  faults: DeliveryFaults;
  /** Deliveries kept by `hold` rules, oldest first. */
  held(): Parcel[];
  /** Sends what is held: in the order of these positions, or all in order. */
  release(order?: number[]): void;
  /** Sends a delivery of the log again under its GUID. */
  redeliver(delivery: Delivery): void;
  /** Sends any payload, signed, as if GitHub had made it. */
  send(event: string, payload: Record<string, unknown>, guid?: string): Parcel;
  /**
   * Sends the body of a delivery of the log once more, with other headers than it had: what somebody could do who has seen it,
   * since the signature covers the body alone. It is in no log.
   */
  replay(delivery: Delivery, headers: Record<string, string>): void;
  /** Resolves when every delivery in progress has arrived or failed (not those that are held). */
  idle(): Promise<void>;
  close(): void;
}

/** What resources tell of themselves. */
export interface ToldByWebhooks {
  events: ReadonlyMap<string, WebhookEvent>;
  /** The whole payload as it is for this installation. */
  payload: (context: Context, occurrence: Occurrence, installation: Installation) => Json;
}

/** Hooks that listen to `world`. `context` tells what payloads are written in. */
export function createHooks(
  world: World,
  told: ToldByWebhooks,
  context: () => Context,
  random: Random,
): Hooks {
  const faults = createDeliveryFaults(random);
  const queue = createQueue(50);
  const closing = new AbortController();
  let held: Parcel[] = [];

  function onOccurrence(occurrence: Occurrence): void {
    const installation = targetOf(world, told.events, occurrence);
    if (!installation || world.state.app.hook.url === null) return;
    const payload = told.payload(context(), occurrence, installation);
    const body = JSON.stringify(payload);
    if (Buffer.byteLength(body) > MAX_BYTES) return;
    dispatch({
      guid: randomUUID(),
      event: occurrence.event,
      action: 'action' in occurrence ? occurrence.action : null,
      installationId: installation.id,
      repositoryId: 'repository' in occurrence ? occurrence.repository.id : null,
      body,
      redelivery: false,
    });
  }

  function dispatch(parcel: Parcel): void {
    const fault = faults.strike(parcel.event, parcel.action, parcel.installationId);
    if (fault?.kind === 'lose') return;
    if (fault?.kind === 'hold') held.push(parcel);
    else queue.add(() => deliver(parcel, fault), fault?.kind === 'delay' ? (fault.ms ?? 1000) : 0);
    if (fault?.kind === 'duplicate') queue.add(() => deliver(parcel, null));
  }

  async function deliver(parcel: Parcel, fault: DeliveryFaultRule | null): Promise<void> {
    const { app } = world.state;
    const url = app.hook.url ?? '';
    const form = app.hook.contentType === 'form';
    const sent = form ? `payload=${encodeURIComponent(parcel.body)}` : parcel.body;
    const headers = deliveryHeaders(app, parcel.event, parcel.guid, sent);
    const at = world.clock.wall();
    const result = fault?.kind === 'drop' ? LOST : await attempt(url, headers, sent, closing.signal);
    record(world, { ...parcel, ...result, deliveredAt: at, url, requestHeaders: headers });
  }

  const unsubscribe = world.subscribe(onOccurrence);
  return {
    faults,
    held: () => held,
    release: (order) => {
      const parcels = order ? order.map((at) => held[at]).filter((one) => one !== undefined) : held;
      held = held.filter((one) => !parcels.includes(one));
      for (const parcel of parcels) queue.add(() => deliver(parcel, null));
    },
    redeliver: (delivery) => queue.add(() => deliver({ ...delivery, redelivery: true }, null)),
    send: (event, payload, guid = randomUUID()) => {
      const action = typeof payload['action'] === 'string' ? payload['action'] : null;
      const parcel = {
        guid,
        event,
        action,
        installationId: null,
        repositoryId: null,
        body: JSON.stringify(payload),
        redelivery: false,
      };
      dispatch(parcel);
      return parcel;
    },
    replay: ({ url, requestHeaders, body }, headers) =>
      queue.add(async () => {
        await attempt(url, { ...requestHeaders, ...headers }, body, closing.signal);
      }),
    idle: () => queue.idle(),
    close: () => {
      unsubscribe();
      queue.close();
      closing.abort();
    },
  };
}
