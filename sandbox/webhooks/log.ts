/** The App's delivery log. */
import { randomInt } from 'node:crypto';
import type { Delivery } from '../world/types.ts';
import type { World } from '../world/world.ts';

/** github.com keeps deliveries for three days. Source: github/docs `data/variables/webhooks.yml`. */
const RETENTION_MS = 3 * 86_400_000;

/** More are not kept: the sandbox lives in memory. */
const KEPT = 20_000;

/** Present ids have 63 bits: beyond what a JavaScript number holds. */
const FIRST_ID = 3_804_004_623_172_239_366n;

/** Records an attempt. */
export function record(world: World, entry: Omit<Delivery, 'id'>): Delivery {
  const { deliveries } = world.state;
  const last = deliveries.at(-1);
  const step = BigInt(randomInt(1, 1_000_000));
  const id = String((last ? BigInt(last.id) : FIRST_ID) + step);
  const delivery = { ...entry, id };
  deliveries.push(delivery);
  if (deliveries.length > KEPT) deliveries.splice(0, deliveries.length - KEPT);
  return delivery;
}

/** What the log still has, newest first. */
export function logged(world: World): Delivery[] {
  const oldest = world.clock.wall() - RETENTION_MS;
  return world.state.deliveries.filter(({ deliveredAt }) => deliveredAt >= oldest).toReversed();
}

export function findDelivery(world: World, id: string): Delivery | null {
  const oldest = world.clock.wall() - RETENTION_MS;
  return world.state.deliveries.findLast((one) => one.id === id && one.deliveredAt >= oldest) ?? null;
}
