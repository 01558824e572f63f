import type { FurtherDeliveries } from './further-deliveries.ts';

/** In this order: what belongs to another row is written after it. */
const kinds: readonly (() => FurtherDeliveries)[] = [];

/** The readers of the deliveries of one round, a reader for kinds that are told together. */
export function createFurtherDeliveries(): FurtherDeliveries[] {
  return kinds.map((create) => create());
}
